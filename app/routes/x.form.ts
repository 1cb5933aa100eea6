import { formTarget, jsonObject } from '#app/gateway/inputs.server.ts'
import { jsonAction } from '#app/gateway/json-action.server.ts'

const input = formTarget.extend({ data: jsonObject.optional() })

/** The form of a dialog; with data, the same form after a change. */
export const action = jsonAction(input, ({ services, actor }, { data, ...target }) => (data ? services.formRefresh(actor, target, data) : services.form(actor, target)))
