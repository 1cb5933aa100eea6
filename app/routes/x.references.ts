import { z } from 'zod'
import { formTarget, jsonObject } from '#app/gateway/inputs.server.ts'
import { jsonAction } from '#app/gateway/json-action.server.ts'

const input = formTarget.extend({ path: z.string().min(1), search: z.string().max(200).optional(), data: jsonObject.optional(), import: z.string().optional() })

export const action = jsonAction(input, ({ services, actor }, value) => services.references(actor, value))
