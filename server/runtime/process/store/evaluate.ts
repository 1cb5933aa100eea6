import { toFeel } from '#server/runtime/expressions/index.ts'
import type { Expression, FeelValue } from '#server/runtime/expressions/types.ts'
import type { Dict, EntityDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import { feelToJson, isRow, propertyToFeel, recordScope, type FactLoader } from '#server/runtime/records/index.ts'
import { LOOP_NAMES, type Evaluate } from '../core/index.ts'

/** JSON names (input, output, outcome, made, variables) as FEEL sees them; FEEL values pass. */
export function asFeel(value: unknown): FeelValue {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return value.map(asFeel)
  if (typeof value === 'object') {
    if ('$' in value || Object.getPrototypeOf(value) !== Object.prototype) return value as FeelValue
    const out: Record<string, FeelValue> = {}
    for (const [k, v] of Object.entries(value)) out[k] = asFeel(v)
    return out
  }
  return toFeel(value, { kind: 'any' })
}

/** What a dialog gave, typed by its properties: times are instants and references are rows, not texts. */
export const typedInput = (properties: Dict<PropertyDef> | undefined, input: Record<string, unknown>): Record<string, FeelValue> =>
  Object.fromEntries(Object.entries(input).map(([k, v]) => [k, properties?.[k] ? propertyToFeel(properties[k], v) : asFeel(v)]))

export const feelNames = (names: Record<string, unknown>): Record<string, FeelValue> => Object.fromEntries(Object.entries(names).map(([k, v]) => [k, asFeel(v)]))

/** JSON in which records stay what they are. */
const withRows = (value: FeelValue): unknown => (Array.isArray(value) ? value.map(withRows) : isRow(value) ? { $: 'row', entity: value.entity, id: value.id } : feelToJson(value))

/** An answer as the core takes it: plain JSON, or with records kept as they are. */
export function answerOf(value: FeelValue, keep?: 'rows'): unknown {
  if (keep === 'rows') return withRows(value)
  return typeof value === 'boolean' || value === null ? value : isRow(value) ? value.id : feelToJson(value)
}
/** Names that every expression of a process may use, without values. */
export const NOBODY = { record: null, item: null, old: null, input: null, outcome: null, output: null, made: null, task: null, comment: null, params: null }

/** FEEL over the record of an instance. Variables are bare names only where the process maps them: `outcome`, `input`, `output`, `made`, `task`. */
export function evaluatorFor(loader: FactLoader, def: EntityDef, record: string, more: Record<string, FeelValue> = {}): Evaluate {
  const row = { $: 'row', entity: def.id, id: record } as const
  const { registry, programme } = loader.context
  return (text, extra = {}, keep) => {
    const names: Record<string, FeelValue> = { ...NOBODY, record: row, item: row, ...more }
    for (const [k, v] of Object.entries(extra)) names[k] = asFeel(v)
    return answerOf(registry.expression(programme.id, text, recordScope(def)).evaluate(loader.scope(names)), keep)
  }
}

/** Names whose values follow from the instance's state, the event and the caller. */
const OF_THE_STEP = new Set<string>(['outcome', 'input', 'output', 'made', 'comment', 'user', 'program', ...LOOP_NAMES])
const answers = new WeakMap<Expression, boolean>()
/** Whether an expression may answer differently for another record that stands at the same state and meets the same event. */
export function readsRecord(loader: FactLoader, def: EntityDef, text: string): boolean {
  const { registry, programme } = loader.context
  const expression = registry.expression(programme.id, text, recordScope(def))
  let known = answers.get(expression)
  if (known === undefined) answers.set(expression, (known = expression.reads.some((r) => r.entity !== undefined || !OF_THE_STEP.has(r.root))))
  return known
}
