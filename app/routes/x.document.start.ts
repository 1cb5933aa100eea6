import { z } from 'zod'
import { chosen, entityName } from '#app/gateway/inputs.server.ts'
import { jsonAction } from '#app/gateway/json-action.server.ts'

const input = chosen.extend({ entity: entityName, id: z.string(), format: z.enum(['pdf', 'xlsx']).optional() })

export const action = jsonAction(input, ({ services, actor }, { entity, id, ...value }) => services.documents.start(actor, entity, id, value))
