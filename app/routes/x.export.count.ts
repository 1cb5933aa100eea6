import { z } from 'zod'
import { chosen, entityName } from '#app/gateway/inputs.server.ts'
import { jsonAction } from '#app/gateway/json-action.server.ts'

const input = chosen.extend({ entity: entityName, id: z.string() })

export const action = jsonAction(input, ({ services, actor }, { entity, id, ...value }) => services.exports.count(actor, entity, id, value))
