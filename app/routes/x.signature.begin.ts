import { z } from 'zod'
import { entityName, ids } from '#app/gateway/inputs.server.ts'
import { jsonAction } from '#app/gateway/json-action.server.ts'

export const action = jsonAction(z.object({ entity: entityName, button: z.string(), ids }), ({ services, actor }, value) => services.signatures.begin(actor, value))
