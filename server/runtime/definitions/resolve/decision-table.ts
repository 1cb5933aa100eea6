import type { Feel } from '../model.ts'
import type { Cursor } from '../load/cursor.ts'

/** A first-hit table {rows: {id: {if, then}}} as one FEEL text; a row without `if` always applies, no row gives null. */
export const readTable = (c: Cursor): Feel | undefined => {
  if (!c.at('rows').isObject) return undefined
  let text = ''
  for (const [, row] of c.at('rows').entries()) {
    const then = row.feel() ?? row.at('then').feel() ?? 'null'
    const condition = row.at('if').feel()
    if (condition === undefined) return `${text}(${then})`
    text += `if (${condition}) then (${then}) else `
  }
  return `${text}null`
}
