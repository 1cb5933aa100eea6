import { z } from 'zod'
import { entityName, ids } from '#app/gateway/inputs.server.ts'
import { jsonAction } from '#app/gateway/json-action.server.ts'

export const action = jsonAction(z.object({ entity: entityName, ids }), ({ services, actor }, value) => services.remove(actor, value.entity, value.ids))
