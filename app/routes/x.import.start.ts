import { z } from 'zod'
import { entityName, jsonObject } from '#app/gateway/inputs.server.ts'
import { jsonAction } from '#app/gateway/json-action.server.ts'

const input = z.object({ entity: entityName, id: z.string(), file: z.string(), params: jsonObject })

export const action = jsonAction(input, ({ services, actor }, { entity, id, ...value }) => services.imports.start(actor, entity, id, value))
