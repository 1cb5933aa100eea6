import type { SqlValue } from '#server/data/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { EntityRow, FeelValue } from '#server/runtime/expressions/types.ts'
import { feelToProperty, isRow } from '../schema/feel-values.ts'
import { toSql, type RawRow } from '../schema/codec.ts'
import { columnOf, isSensitive, propertyAt } from '../schema/properties.ts'
import { columnsOf } from '../schema/tables.ts'
import { systemProperty } from '../schema/system.ts'
import { forced, indexLedBy, unindexed } from '../query/index-of.ts'
import type { FactsContext } from './loader.ts'

export type Equal = { path: string; value: FeelValue }
interface Want { def: EntityDef; columns: string[]; tuples: Map<string, SqlValue[]> }

/** The column that holds a path and what stands in it for a value of FEEL; undefined where no column does. */
export function columnAsked(context: FactsContext, def: EntityDef, e: Equal): { column: string; value: SqlValue } | undefined {
  const prop = propertyAt(def, e.path)
  if (prop && prop.compute?.at !== 'read' && prop.path !== 'status') {
    const names = columnsOf(prop)
    if (names.length === 0) return undefined
    const json = feelToProperty(prop, e.value)
    if (isSensitive(prop)) return { column: `${columnOf(prop)}_bix`, value: json === undefined ? null : context.sealing.blind(prop.sensitive!, String(json)) }
    return { column: columnOf(prop), value: toSql(prop, json) }
  }
  if (prop?.compute?.at === 'read') return undefined
  const system = systemProperty(e.path)
  if (!system || (e.path === 'status' && def.properties['status']?.compute)) return undefined
  if (e.value === null) return { column: system.column, value: null }
  if (isRow(e.value)) return { column: system.column, value: Number(e.value.id) }
  if (typeof e.value === 'string') return { column: system.column, value: system.column === 'id' ? Number(e.value) : e.value }
  return undefined
}

/** rows(entity)[item.a = x and …] by hash: one query for all values asked in a round, bucketed by the tuple of values. */
export class RowSets {
  private readonly found = new Map<string, EntityRow[]>()
  private wants = new Map<string, Want>()
  constructor(
    private readonly context: FactsContext,
    private readonly definition: (entity: string) => EntityDef,
    private readonly remember: (def: EntityDef, raw: RawRow) => EntityRow,
  ) {}
  clear(): void { this.found.clear() }

  get(def: EntityDef, equals: Equal[]): EntityRow[] | undefined {
    const columns: string[] = []
    const values: SqlValue[] = []
    for (const e of equals) {
      const c = columnAsked(this.context, def, e)
      if (c) { columns.push(c.column); values.push(c.value) }
    }
    const signature = `${def.id}|${columns.join(',')}`
    const key = JSON.stringify([signature, values])
    const known = this.found.get(key)
    if (known) return known
    const want = this.wants.get(signature) ?? { def, columns, tuples: new Map() }
    want.tuples.set(key, values)
    this.wants.set(signature, want)
    return undefined
  }

  async load(): Promise<void> {
    const wants = [...this.wants.values()]
    this.wants = new Map()
    for (const want of wants) await this.loadOne(want)
  }

  private async loadOne({ def, columns, tuples }: Want): Promise<void> {
    const { db, programme } = this.context
    const scope = def.home === 'programme' ? { sql: 'program = ?', params: [programme.id] as SqlValue[] } : { sql: '1 = 1', params: [] as SqlValue[] }
    for (const key of tuples.keys()) this.found.set(key, [])
    const signature = `${def.id}|${columns.join(',')}`
    const take = (rows: RawRow[]) => {
      for (const raw of rows) {
        const row = this.remember(def, raw)
        this.found.get(JSON.stringify([signature, columns.map((c) => normal(raw[c]))]))?.push(row)
      }
    }
    if (columns.length === 0) {
      take(await db.all<RawRow>(`SELECT * FROM ${def.table} WHERE ${scope.sql} ORDER BY id`, scope.params))
      return
    }
    const lead = bestLead(columns, tuples)
    const values: SqlValue[] = [...new Set([...tuples.values()].map((t) => t[lead] ?? null))]
    const fixed = columns.map((c, i) => ({ c, i })).filter(({ i }) => i !== lead && new Set([...tuples.values()].map((t) => t[i])).size === 1)
    for (let i = 0; i < values.length; i += 500) {
      // null = null holds in FEEL
      const part = values.slice(i, i + 500).filter((v) => v !== null)
      const orNull = i === 0 && values.includes(null) ? ` OR ${columns[lead]} IS NULL` : ''
      const first = tuples.values().next().value!
      // of many values of one column and one value of another, planners take the one: all rows of a school would be read for each batch
      const index = part.length > 1 ? indexLedBy(def, columns[lead]!) : undefined
      const beside = (condition: string): string => (index ? unindexed(db.dialect, condition) : condition)
      const sql = [
        `SELECT * FROM ${def.table}${forced(db.dialect, index)} WHERE ${beside(scope.sql)} AND (${columns[lead]} IN (${part.map(() => '?').join(',') || 'NULL'})${orNull})`,
        ...fixed.map(({ c, i: at }) => beside(first[at] === null ? `${c} IS NULL` : `${c} = ?`)),
      ].join(' AND ')
      take(await db.all<RawRow>(`${sql} ORDER BY id`, [...scope.params, ...part, ...fixed.flatMap(({ i: at }) => (first[at] === null ? [] : [first[at]!]))]))
    }
  }
}

/** The column whose values vary most narrows the query best. */
function bestLead(columns: string[], tuples: Map<string, SqlValue[]>): number {
  const list = [...tuples.values()]
  const sizes = columns.map((_, i) => new Set(list.map((t) => t[i])).size)
  return sizes.indexOf(Math.max(...sizes))
}
/** drivers may give integers beyond 2^53 as strings */
const normal = (v: unknown): unknown => (typeof v === 'bigint' ? Number(v) : v)
