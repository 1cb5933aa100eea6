import type { ActionDef, JsonObject } from '../model.ts'
import { compact } from '../load/cursor.ts'
import type { Cursor } from '../load/cursor.ts'
import { readMakes, readSets } from './effects.ts'
import { readInputs } from './imports.ts'

const KINDS = ['delete', 'edit', 'create', 'export', 'message', 'operation'] as const
const STYLES = ['primary', 'default', 'danger'] as const

const inputSchema = (c: Cursor): JsonObject | undefined => {
  const written = c.object()
  if (written === undefined) return undefined
  return written.type === 'object' && c.at('properties').isObject ? written : { type: 'object', properties: written }
}

const readKind = (c: Cursor): ActionDef['do'] => {
  const written = KINDS.find((k) => k === c.at('do').string())
  return written ?? (c.at('operation').exists ? 'operation' : c.at('message').exists ? 'message' : undefined)
}

export const readAction = (c: Cursor, id: string): ActionDef => {
  const scope = c.at('scope').string()
  const kind = readKind(c)
  const make = readMakes(c.at('make'))
  const bulk = c.at('bulk')
  const inputs = readInputs(c.at('input'))
  return compact<ActionDef>({
    title: c.at('title').text() ?? { zh: id }, bulk: bulk.value === true ? c.at('title').text() : bulk.text(), list: c.at('list').names(),
    scope: scope === 'selection' || scope === 'none' || scope === 'record' ? scope : kind === 'create' || kind === 'export' ? 'none' : bulk.exists ? 'selection' : 'record',
    do: kind, message: c.at('message').string(), operation: c.at('operation').string(), if: c.at('if').feel(), fields: c.at('fields').names(),
    input: inputSchema(c.at('input')), inputs: Object.keys(inputs).length > 0 ? inputs : undefined, set: readSets(c.at('set')), make: make && Object.values(make),
    confirm: c.at('confirm').text(), style: STYLES.find((s) => s === c.at('style').string()),
  })
}
