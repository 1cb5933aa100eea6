import { z } from 'zod'
import { entityName, jsonObject } from '#app/gateway/inputs.server.ts'
import { jsonAction } from '#app/gateway/json-action.server.ts'

const input = z.object({ entity: entityName, id: z.string().optional(), rev: z.number().int().optional(), data: jsonObject, then: z.string().optional(), comment: z.string().optional() })

export const action = jsonAction(input, ({ services, actor }, value) => services.save(actor, value))
