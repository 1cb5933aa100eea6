import { z } from 'zod'
import { entityName } from '#app/gateway/inputs.server.ts'
import { jsonAction } from '#app/gateway/json-action.server.ts'

export const action = jsonAction(z.object({ entity: entityName, id: z.string() }), ({ services, actor }, { entity, id }) => services.imports.describe(actor, entity, id))
