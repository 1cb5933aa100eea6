import { z } from 'zod'
import { jsonAction } from '#app/gateway/json-action.server.ts'

/** Marks the given ones as read, then lists. */
export const action = jsonAction(z.object({ read: z.array(z.string()).optional() }), async ({ services, actor }, { read }) => {
  if (read?.length) await services.notifications.read(actor, read)
  return { ok: true, items: await services.notifications.list(actor) }
})
