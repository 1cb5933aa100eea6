import { z } from 'zod'
import { entityName, ids, jsonObject, listQuery } from '#app/gateway/inputs.server.ts'
import { jsonAction } from '#app/gateway/json-action.server.ts'

const input = z.object({
  entity: entityName,
  button: z.string().min(1),
  ids: ids.optional(),
  query: z.object({ list: z.string(), query: listQuery }).optional(),
  input: jsonObject.optional(),
  comment: z.string().max(10_000).optional(),
  signature: z.string().optional(),
  revs: z.record(z.string(), z.number()).optional(),
})

export const action = jsonAction(input, ({ services, actor }, { entity, ...value }) => services.act(actor, entity, value))
