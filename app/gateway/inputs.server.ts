import { z } from 'zod'
import type { Json, JsonObject, ListQuery } from './contracts.server.ts'

const json: z.ZodType<Json> = z.lazy(() => z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]))
export const jsonObject = z.record(z.string(), json) as unknown as z.ZodType<JsonObject>
export const entityName = z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/)
export const ids = z.array(z.string().min(1)).max(50_000)
export const listQuery: z.ZodType<ListQuery> = z.object({
  tab: z.string().optional(),
  filters: z.record(z.string(), z.string()).optional(),
  sort: z.string().optional(),
  page: z.number().int().positive().optional(),
  size: z.number().int().positive().max(500).optional(),
  search: z.string().max(200).optional(),
  after: z.string().optional(),
})
export const formTarget = z.object({ entity: entityName, id: z.string().optional(), button: z.string().optional(), ids: ids.optional() })
/** what an export, a document batch or a bulk action is about: ticked rows, or a list's whole query */
export const chosen = z.object({ ids: ids.optional(), list: z.string().optional(), query: listQuery.optional() })
