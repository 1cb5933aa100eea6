import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { FeelType } from '#server/runtime/expressions/types.ts'
import type { NamesInScope } from '../registry.ts'

const ANY: FeelType = { kind: 'any' }
const USER: FeelType = { kind: 'entity', entity: 'core/user' }
const everywhere = { user: USER, program: ANY }
const entity = (def: EntityDef): FeelType => ({ kind: 'entity', entity: def.id })

/** What a process says of a loop; an own field of the same name goes before. */
const LOOP = ['each', 'loopCounter', 'nrOfInstances', 'nrOfActiveInstances', 'nrOfCompletedInstances', 'outcomes', 'done', 'signs']
const loopNames = (def?: EntityDef): Record<string, FeelType> => Object.fromEntries(LOOP.filter((n) => !def || !(n in def.properties)).map((n) => [n, ANY]))

const cache = new Map<string, WeakMap<EntityDef, NamesInScope>>()
function per(kind: string, def: EntityDef, make: () => Omit<NamesInScope, 'id'>): NamesInScope {
  const map = cache.get(kind) ?? new WeakMap<EntityDef, NamesInScope>()
  cache.set(kind, map)
  let scope = map.get(def)
  if (!scope) map.set(def, (scope = { id: `${kind}:${def.id}`, ...make() }))
  return scope
}

const variables = new WeakMap<EntityDef, Set<string>>()
/** Names that processes of an entity map with certflow:output; an own field of the same name goes before. */
export function declareVariables(def: EntityDef, names: string[]): void {
  const known = variables.get(def) ?? new Set<string>()
  const fresh = names.filter((n) => !known.has(n) && !(n in def.properties))
  if (fresh.length === 0) return
  for (const n of fresh) known.add(n)
  variables.set(def, known)
  cache.get('record')?.delete(def)
}
const variableNames = (def: EntityDef): Record<string, FeelType> => Object.fromEntries([...(variables.get(def) ?? [])].map((n) => [n, ANY]))

/** Own fields, record, old, input, outcome, comment: computes, rules, locks, conditions of the record's process. */
export const recordScope = (def: EntityDef): NamesInScope => per('record', def, () => ({
  self: def.id,
  names: { ...everywhere, record: entity(def), old: entity(def), input: ANY, outcome: { kind: 'string' }, task: ANY, params: ANY, made: ANY, output: ANY, item: ANY, row: ANY, group: ANY, comment: { kind: 'string' }, ...loopNames(def), ...variableNames(def) },
}))
/** The row itself as bare own fields, `record` and `item`: conditions of lists, rights, columns. */
export const rowScope = (def: EntityDef): NamesInScope => per('rowself', def, () => ({
  self: def.id,
  names: { ...everywhere, record: entity(def), item: entity(def), input: ANY, params: ANY },
}))
/** `item` is a row of the entity: where of a reference, a list, a set, a make; `record` is who asks. */
export const itemScope = (def: EntityDef, record?: EntityDef): NamesInScope => per(`item<${record?.id ?? ''}`, def, () => ({
  names: { ...everywhere, item: entity(def), record: record ? entity(record) : ANY, old: ANY, input: ANY, params: ANY, row: ANY, outcome: { kind: 'string' }, task: ANY, made: ANY, output: ANY, group: ANY, comment: { kind: 'string' }, ...loopNames() },
}))
/** Rows of an import: cells, parameters, look-ups by name, the matched record, what the row has made. */
export function importScope(id: string, lookups: Record<string, EntityDef>, target: EntityDef, params: Record<string, FeelType>, item?: EntityDef): NamesInScope {
  return {
    id: `import:${id}:${item?.id ?? ''}`,
    names: {
      ...everywhere, row: ANY, params: { kind: 'context', fields: params }, input: ANY, record: entity(target), made: ANY, item: item ? entity(item) : ANY,
      ...Object.fromEntries(Object.entries(lookups).map(([name, def]) => [name, entity(def)])),
    },
  }
}
/** Only user, program, params and input: actions without a record, menus. */
export const bareScope: NamesInScope = { id: 'bare', names: { ...everywhere, input: ANY, params: ANY, record: ANY, item: ANY } }
