import fc from 'fast-check'
import type { FeelType, FeelValue, Model, ModelProperty, Scope, SqlScalar, SqlTarget } from '#server/runtime/expressions/types.ts'
import { toFeel } from '#server/runtime/expressions/values/convert.ts'
import { MemoryFacts, modelOf, rowRef } from './memory-facts.ts'
import type { Tables } from './memory-facts.ts'

const col = (kind: FeelType, column: string): ModelProperty => ({ type: kind, column })
const text: FeelType = { kind: 'string' }
const ref = (entity: string): FeelType => ({ kind: 'entity', entity })
const list = (of: FeelType): FeelType => ({ kind: 'list', of })
const scaled = (scale: number): FeelType => ({ kind: 'number', scale })

/** Three entities with every kind of column, a link table of references, one of texts, and read-time computes of every kind. */
export const model: Model = modelOf([
  { name: 'group', table: 'w_group', properties: {
    name: col(text, 'name'), cap: col(scaled(1), 'cap'), opensAt: col({ kind: 'date-time' }, 'opens_at'), ready: col({ kind: 'boolean' }, 'ready'), things: { type: list(ref('thing')), inverse: { entity: 'thing', path: 'group' } } } },
  { name: 'thing', table: 'w_thing', properties: {
    name: col(text, 'name'), code: col(text, 'code'), n: col(scaled(0), 'n'), amount: col(scaled(2), 'amount'), flag: col({ kind: 'boolean' }, 'flag'), day: col({ kind: 'date' }, 'day'), at: col({ kind: 'date-time' }, 'at'),
    group: col(ref('group'), 'group_id'), other: col(ref('thing'), 'other_id'), notes: { type: list(ref('note')), inverse: { entity: 'note', path: 'thing' } }, things: { type: list(ref('thing')), inverse: { entity: 'thing', path: 'other' } },
    tags: { type: list(ref('group')), linkTable: 'w_thing_tags' }, words: { type: list(text), linkTable: 'w_thing_words' },
    idle: { type: { kind: 'boolean' }, compute: 'count(notes) = 0' }, alike: { type: list(ref('thing')), compute: 'rows("thing")[item.group = record.group]' },
    total: { type: scaled(1), compute: 'sum(notes.points)' }, state: { type: text, compute: 'if flag then "ON" else if count(notes[item.ok]) > 0 then "a" else null' } } },
  { name: 'note', table: 'w_note', keys: [['thing', 'ok']], properties: { thing: col(ref('thing'), 'thing_id'), group: col(ref('group'), 'group_id'), text: col(text, 'text'), points: col(scaled(1), 'points'), ok: col({ kind: 'boolean' }, 'ok') } },
], {
  twice: { args: ['a', 'b'], expr: 'args.a * 2 > args.b' },
  enough: { args: ['rows'], expr: 'sum(args.rows[item.ok].points) >= 3 and (every r in args.rows satisfies r.points != null)' },
})

const paramTypes: Record<string, FeelType> = { limit: scaled(0), rate: scaled(2), word: text, words: list(text), flag: { kind: 'boolean' }, group: ref('group'), from: { kind: 'date' } }
export const names: Record<string, FeelType> = { params: { kind: 'context', fields: paramTypes }, user: { kind: 'context', fields: { group: ref('group') } } }
export const options = { model, names, self: 'thing' }

type Row = Record<string, unknown>
export interface World { group: Row[]; thing: Row[]; note: Row[]; params: Row }
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 3, nil: null })
const word = fc.constantFrom('', 'a', 'A', 'ab', 'b', 'abc', '数', '数字', '𠮷', 'a ', '\ufffd')
const tenths = fc.integer({ min: -30, max: 60 }).map((n) => n / 10)
const cents = fc.constantFrom(0, 0.01, 1, 12.25, 60, 59.99, -3.5, 99.5)
const moment = fc.constantFrom('2026-05-20T09:00:00+08:00', '2026-05-20T00:00:00+08:00', '2026-05-19T23:59:59+08:00', '2025-12-31T16:00:00Z', '2027-01-01T08:30:00+08:00')
const day = fc.constantFrom('2026-05-20', '2026-05-19', '2026-05-17', '2024-02-29')
/** one beyond the last leads nowhere */
const id = (last: number): fc.Arbitrary<string | null> => orNull(fc.integer({ min: 1, max: last + 1 }).map(String))
const numbered = (rows: Row[]): Row[] => rows.map((row, i) => ({ id: String(i + 1), ...row }))

export const worlds: fc.Arbitrary<World> = fc.record({
  group: fc.array(fc.record({ name: orNull(word), cap: orNull(tenths), opensAt: orNull(moment), ready: orNull(fc.boolean()) }), { minLength: 2, maxLength: 2 }).map(numbered),
  thing: fc.array(fc.record({
    name: orNull(word), code: word, n: orNull(fc.integer({ min: -2, max: 70 })), amount: orNull(cents), flag: orNull(fc.boolean()), day: orNull(day), at: orNull(moment), group: id(2), other: id(4),
    tags: fc.uniqueArray(fc.constantFrom('1', '2'), { maxLength: 2 }), words: fc.array(word, { maxLength: 2 }) }), { minLength: 4, maxLength: 4 }).map(numbered),
  note: fc.array(fc.record({ thing: id(4), group: id(2), text: orNull(word), points: orNull(tenths), ok: orNull(fc.boolean()) }), { maxLength: 6 }).map(numbered),
  params: fc.record({ limit: orNull(fc.integer({ min: 0, max: 60 })), rate: orNull(cents), word: orNull(word), words: fc.array(word, { maxLength: 3 }), flag: orNull(fc.boolean()), group: id(2), from: orNull(day) }),
})

export const scopeOf = (world: World): Scope => {
  const tables: Tables = { group: world.group, thing: world.thing, note: world.note }
  const params: { [key: string]: FeelValue } = Object.fromEntries(Object.entries(world.params).map(([key, value]) => [key, toFeel(value, paramTypes[key]!)]))
  const scope: Scope = { names: { params, user: { group: rowRef('group', '1') } }, now: Date.parse('2026-05-20T01:00:00Z'), zone: 'Asia/Shanghai' }
  scope.facts = new MemoryFacts(model, tables, () => scope)
  return scope
}

/** Columns in the form the compiler expects: scaled integers, ms, 0/1, ids as numbers. */
const stored = (value: unknown, type: FeelType): SqlScalar => {
  if (value === null || value === undefined) return null
  if (type.kind === 'number') return Math.round(Number(value) * 10 ** ('scale' in type ? type.scale ?? 0 : 0))
  if (type.kind === 'date-time') return Date.parse(String(value))
  if (type.kind === 'boolean' || type.kind === 'entity') return Number(value)
  return String(value)
}
export const TABLES: Record<string, string[]> = Object.fromEntries(['group', 'thing', 'note'].map((name) => [name, Object.entries(model.entity(name)!.properties).filter(([, p]) => p.column).map(([key]) => key)]))
export const columnType = (entity: string, key: string): 'TEXT' | 'INTEGER' => (['string', 'date'].includes(model.entity(entity)!.properties[key]!.type.kind) ? 'TEXT' : 'INTEGER')

/** Every row of a world as [table, columns, values]. */
export const inserts = (world: World): [table: string, columns: string[], values: SqlScalar[]][] => [
  ...(['group', 'thing', 'note'] as const).flatMap((name) => world[name].map((row): [string, string[], SqlScalar[]] => {
    const { table, properties } = model.entity(name)!
    const keys = TABLES[name]!
    return [table, ['id', ...keys.map((key) => properties[key]!.column!)], [Number(row.id), ...keys.map((key) => stored(row[key], properties[key]!.type))]]
  })),
  ...world.thing.flatMap((row) => (row.tags as string[]).map((tag): [string, string[], SqlScalar[]] => ['w_thing_tags', ['owner_id', 'target_id'], [Number(row.id), Number(tag)]])),
  ...world.thing.flatMap((row) => (row.words as string[]).map((value): [string, string[], SqlScalar[]] => ['w_thing_words', ['owner_id', 'value'], [Number(row.id), value]])),
]

/** A target whose query is over `thing`; `from` is the FROM clause once all joins are known. */
export const queryOver = (dialect: SqlTarget['dialect']): { target: SqlTarget; from: () => string } => {
  let n = 0
  const joins = new Map<string, { alias: string; sql: string }>()
  const target: SqlTarget = {
    dialect, rows: { '': { entity: 'thing', alias: 'q' }, record: { entity: 'thing', alias: 'q' } }, alias: () => `t${++n}`, blind: (_e, _p, value) => value, now: 0, zone: 'Asia/Shanghai',
    join: (from, column, entity) => {
      const key = `${from}.${column}`
      const known = joins.get(key)
      if (known) return known.alias
      const alias = `j${++n}`
      joins.set(key, { alias, sql: `LEFT JOIN ${model.entity(entity)!.table} ${alias} ON ${alias}.id = ${from}.${column}` })
      return alias
    },
  }
  return { target, from: () => `w_thing q ${[...joins.values()].map((j) => j.sql).join(' ')}` }
}
