import { z } from 'zod'
import { jsonAction } from '#app/gateway/json-action.server.ts'

export const action = jsonAction(z.object({ code: z.string() }), ({ services, actor }, { code }) => services.signatures.state(actor, code))
