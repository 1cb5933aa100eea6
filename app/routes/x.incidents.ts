import { z } from 'zod'
import { jsonObject } from '#app/gateway/inputs.server.ts'
import { jsonAction } from '#app/gateway/json-action.server.ts'

const some = z.array(z.string().min(1)).min(1).max(200)
const reason = z.string().min(1).max(10_000)
const input = z.discriminatedUnion('how', [
  z.object({ how: z.literal('retry'), ids: some }),
  z.object({ how: z.literal('skip'), ids: some, reason }),
  z.object({ how: z.literal('variables'), ids: some, reason, values: jsonObject }),
])

export const action = jsonAction(input, ({ services, actor }, value) => services.incidents.act(actor, value))
