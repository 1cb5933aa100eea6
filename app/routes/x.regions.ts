import { z } from 'zod'
import { jsonAction } from '#app/gateway/json-action.server.ts'

/** The region tree as a flat list; null when this installation has none. */
export const action = jsonAction(z.object({}), async ({ services, actor }) => ({ ok: true, regions: (await services.regions?.(actor.lang)) ?? null }))
