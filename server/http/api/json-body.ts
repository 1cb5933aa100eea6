import express, { type Request, type RequestHandler, type Response } from 'express'
import { problem, type Reply } from './problem.ts'

const TYPES = ['application/json', 'application/merge-patch+json']
const DEEPEST = 32

const tooDeep = (value: unknown): boolean => {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true
    level = level.flatMap((v) => (v !== null && typeof v === 'object' ? Object.values(v) : []))
  }
  return false
}
const refuseProto = (key: string, value: unknown): unknown => {
  if (key === '__proto__') throw new SyntaxError('a key may not be __proto__')
  return value
}

/** Parses a JSON object of at most `limit` bytes; no body is {} where that is allowed. */
export const jsonBody = (limit: number) => {
  const parse: RequestHandler = express.json({ limit, strict: true, type: () => true, reviver: refuseProto })
  const parsed = (req: Request, res: Response): Promise<void> => new Promise((resolve, reject) => { parse(req, res, (error?: unknown) => (error ? reject(error) : resolve())) })
  return async (req: Request, res: Response, optional = false): Promise<{ body: Record<string, unknown> } | Reply> => {
    const empty = req.headers['transfer-encoding'] === undefined && Number(req.headers['content-length'] ?? 0) === 0
    if (empty && optional) return { body: {} }
    if (empty || !req.is(TYPES)) return problem(415, 'UNSUPPORTED', '请求体应为 application/json')
    await parsed(req, res)
    const body: unknown = req.body
    if (body === null || typeof body !== 'object' || Array.isArray(body)) return problem(400, 'BODY_INVALID', '请求体应为 JSON 对象')
    if (tooDeep(body)) return problem(400, 'BODY_TOO_DEEP', `请求体的层数超过 ${DEEPEST}`)
    return { body: body as Record<string, unknown> }
  }
}
export type ReadBody = ReturnType<typeof jsonBody>
