import type { FeelType } from '../../expressions/types.ts'
import type { CompiledProcess } from '../../process/core/types.ts'
import { ANY, contextOf, listOf, STRING } from '../feel/types.ts'
import type { Dict, EntityDef, ImportDef, ProgrammeDef, PropertyDef } from '../model.ts'

/**
 * Names in scope per place, beside `user`, `program`, `now`, `today` which stand everywhere and a record's own fields
 * where there is a record. docs/definition-language/lint.md prints this table.
 */
const record = (e: EntityDef): FeelType => ({ kind: 'entity', entity: e.id })

/** Computes, live defaults, x-when, locks, rights, sections, conditions of documents and columns. */
export const ownNames = (e: EntityDef): Dict<FeelType> => ({ record: record(e), old: record(e) })
/** x-rules and whatever a process asks: also what the person typed and chose. */
export const ruleNames = (e: EntityDef): Dict<FeelType> =>
  ({ ...ownNames(e), input: ANY, params: ANY, row: ANY, outcome: STRING, comment: STRING, task: ANY })
/** What a process says of a loop; an own field of the same name goes before. */
const LOOP = ['each', 'loopCounter', 'nrOfInstances', 'nrOfActiveInstances', 'nrOfCompletedInstances', 'outcomes', 'done', 'signs']
const loopNames = (e: EntityDef): Dict<FeelType> => Object.fromEntries(LOOP.filter((n) => !Object.hasOwn(e.properties, n)).map((n) => [n, ANY]))
/** Variables that a process maps with certflow:output; an own field of the same name goes before. */
const variables = (e: EntityDef, process: CompiledProcess | undefined): Dict<FeelType> =>
  Object.fromEntries(Object.values(process?.elements ?? {}).flatMap((el) => el.outputs.map((o) => o.name)).filter((n) => !Object.hasOwn(e.properties, n)).map((n) => [n, ANY]))
export const processNames = (e: EntityDef, process?: CompiledProcess): Dict<FeelType> => ({ ...ruleNames(e), output: ANY, made: ANY, item: ANY, group: ANY, ...variables(e, process), ...loopNames(e), sibling: ANY, instance: ANY })
/** Lists: the row is own fields, `record` and `item`. */
export const listNames = (e: EntityDef): Dict<FeelType> => ({ record: record(e), item: record(e), input: ANY, params: ANY })
/** in the SQL of a list all three are the row */
export const LIST_ROWS = ['record', 'item', '']
/** `where` of a reference: `item` is the candidate target, `record` who refers. */
export const referenceNames = (target: EntityDef, from: EntityDef | undefined): Dict<FeelType> =>
  ({ item: record(target), record: from ? record(from) : ANY, input: ANY, params: ANY })
export const inputType = (programme: ProgrammeDef, properties: Dict<PropertyDef> | undefined): FeelType =>
  properties && Object.keys(properties).length > 0 ? contextOf(programme, properties) : ANY

/** What any input form of a process may hold, and the comment; nothing is known of a process without forms. */
export const inputsOf = (programme: ProgrammeDef, process: CompiledProcess): FeelType => {
  const forms = [...new Set(Object.values(process.elements).flatMap((el) => [el.form, ...el.outcomes.map((o) => o.form)]).filter((f) => f !== undefined))]
  const properties: Dict<PropertyDef> = {}
  for (const form of forms) {
    const [owner = '', name = ''] = form.split('/').slice(-2)
    for (const [key, p] of Object.entries(programme.entities[owner]?.inputProperties[name] ?? {})) properties[key] ??= p
  }
  const type = inputType(programme, properties)
  return type.kind === 'context' ? { ...type, fields: { ...type.fields, comment: STRING } } : type
}

const cellType = (column: ImportDef['columns'][string]): FeelType =>
  column.kind === undefined ? ANY : column.kind === 'integer' ? { kind: 'number', scale: 0 } : { kind: column.kind }

/** Imports: cells, parameters, what the look-ups found, the matched record, what the row has made. */
export const importNames = (programme: ProgrammeDef, e: EntityDef, def: ImportDef): Dict<FeelType> => ({
  row: Object.keys(def.columns).length > 0 ? { kind: 'context', fields: Object.fromEntries(Object.entries(def.columns).map(([k, c]) => [k, cellType(c)])) } : ANY,
  params: inputType(programme, def.params), input: ANY, record: record(e), made: ANY,
  ...Object.fromEntries(Object.entries(def.lookup).flatMap(([name, l]) => { const target = programme.entities[l.in]; return target ? [[name, record(target)] as const] : [] })),
})
/** Measures: `item` is each row of the group (`group`), earlier measures are names. */
export const measureNames = (e: EntityDef, earlier: string[]): Dict<FeelType> =>
  ({ item: record(e), group: listOf(record(e)), params: ANY, ...Object.fromEntries(earlier.map((m) => [m, { kind: 'number' } as FeelType])) })
/** What a file check may ask of the file. */
export const FILE_NAMES: Dict<FeelType> = {
  width: { kind: 'number', scale: 0 }, height: { kind: 'number', scale: 0 }, bytes: { kind: 'number', scale: 0 }, pages: { kind: 'number', scale: 0 },
  transparent: { kind: 'boolean' }, background: STRING, format: STRING, name: STRING, extension: STRING,
}
