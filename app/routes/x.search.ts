import { z } from 'zod'
import { jsonAction } from '#app/gateway/json-action.server.ts'

export const action = jsonAction(z.object({ text: z.string().max(100) }), async ({ services, actor }, { text }) => ({ ok: true, items: (await services.search?.(actor, text)) ?? [] }))
