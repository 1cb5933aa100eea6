import type { Request, Response } from 'express'
import type { Actor, ApiScope } from '#server/services.ts'
import type { ServicesWithApi } from './authenticate.ts'
import type { ReadBody } from './json-body.ts'
import { problem, type Reply } from './problem.ts'

/** What a handler of the REST resource is given. */
export interface ApiContext { services: ServicesWithApi; actor: Actor; scope: ApiScope; req: Request; res: Response; readBody: ReadBody; maxFileBytes: number }
/** null = the answer has been written already (a stream) */
export type Handler = (ctx: ApiContext) => Promise<Reply | null>

export const entityOf = ({ req }: ApiContext): string => `${String(req.params.family)}/${String(req.params.entity)}`
export const recordUrl = (req: Request, entity: string, id: string): string => `${req.baseUrl}/${entity}/${id}`
export const jobUrl = (req: Request, id: string): string => `${req.baseUrl}/jobs/${id}`

/** A query parameter that is given once; given twice or as an object is refused. */
export function queryText(req: Request, name: string): string | undefined | Reply {
  const value = req.query[name]
  if (value === undefined || typeof value === 'string') return value
  return problem(400, 'QUERY_INVALID', [{ code: 'QUERY_INVALID', message: `参数“${name}”只能给出一次`, path: name }])
}
export const isReply = (value: unknown): value is Reply => value !== null && typeof value === 'object' && 'status' in value && typeof value.status === 'number'
