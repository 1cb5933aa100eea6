import { z } from 'zod'
import { jsonAction } from '#app/gateway/json-action.server.ts'

export const action = jsonAction(z.object({ id: z.string() }), ({ services, actor }, { id }) => services.jobs.get(actor, id))
