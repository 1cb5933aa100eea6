import type { SqlValue } from '#server/data/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { Expression, FeelValue, Scope, SqlParam, SqlTarget } from '#server/runtime/expressions/types.ts'
import { bindParams } from '#server/runtime/expressions/index.ts'
import { MissingFacts, type FactLoader } from '../facts/loader.ts'
import type { NamesInScope } from '../registry.ts'
import { forced, unindexed } from './index-of.ts'

export interface Fragment { sql: string; params: SqlParam[] }
export interface Statement { sql: string; params: SqlValue[] }

/**
 * One SELECT over an entity's table. FEEL conditions and columns share the joins that their paths need.
 * The only place where record queries are put together, so rights and programme limits cannot be left out by a caller.
 */
export class Select {
  readonly alias = 't'
  private joins: string[] = []
  private joined = new Map<string, string>()
  private count = 0
  // Written out only when the statement is built: a condition may need facts (whose certificates a user owns) that are loaded then.
  private readonly conditions: (() => Fragment)[] = []
  private readonly columns: { as: string; make: () => Fragment }[] = []
  private readonly orders: (() => Fragment)[] = []
  private limited: { limit: number; offset: number } | undefined
  private forced = ''
  private overMany = false
  private readonly common = new Map<string, FeelValue>()
  private writing: Scope

  constructor(readonly def: EntityDef, readonly loader: FactLoader, readonly scope: Scope, private readonly rowNames: ('item' | 'record' | '')[] = ['item', 'record', '']) { this.writing = scope }

  private target(): SqlTarget {
    const { db, sealing, now, zone, registry, programme } = this.loader.context
    // only for a pass: a target is made for each fragment
    const known = this.overMany && { shared: (alias: string, column: string) => (alias === this.alias ? this.common.get(column) : undefined), none: (entity: string, equals: { path: string; value: FeelValue }[]) => this.writing.facts?.none?.(entity, equals) ?? false }
    return {
      ...(known || {}),
      dialect: db.dialect.name, now, zone,
      rows: Object.fromEntries(this.rowNames.map((n) => [n, { entity: this.def.id, alias: this.alias }])),
      alias: () => `s${++this.count}`,
      visible: (entity, alias) => (registry.entity(programme.id, entity).home === 'programme' ? { sql: `${alias}.program = ?`, params: [{ value: programme.id }] } : null),
      blind: (entity, path, value) => sealing.blind(blindKind(registry.entity(programme.id, entity), path), value),
      join: (from, column, entity) => this.join(from, column, registry.entity(programme.id, entity)),
    }
  }
  join(from: string, column: string, def: EntityDef): string {
    const key = `${from}.${column}`
    let alias = this.joined.get(key)
    if (!alias) {
      this.joined.set(key, (alias = `j${this.joined.size + 1}`))
      this.joins.push(`LEFT JOIN ${def.table} ${alias} ON ${alias}.id = ${key}`)
    }
    return alias
  }
  compile(text: string, names: NamesInScope): Expression {
    return this.loader.context.registry.expression(this.loader.context.programme.id, text, names)
  }
  fragment(text: string, names: NamesInScope): Fragment { return this.compile(text, names).toSql(this.target(), this.writing) }
  condition(text: string, names: NamesInScope): Fragment {
    return this.compile(text, names).toCondition(this.target(), this.writing)
  }
  where(text: string, names: NamesInScope): this { this.conditions.push(() => this.condition(text, names)); return this }
  whereSql(sql: string, params: SqlValue[] = []): this {
    const fragment: Fragment = { sql, params: params.map((value) => ({ value: value as never })) }
    this.conditions.push(() => fragment)
    return this
  }
  whereAny(parts: (() => Fragment)[]): this {
    if (parts.length === 0) return this.whereSql('1 = 0')
    this.conditions.push(() => { const made = parts.map((p) => p()); return { sql: `(${made.map((p) => p.sql).join(' OR ')})`, params: made.flatMap((p) => p.params) } })
    return this
  }
  column(as: string, text: string, names: NamesInScope): this { this.columns.push({ as, make: () => this.fragment(text, names) }); return this }
  /** An aggregate over the rows found; answers the power of ten its integers carry once the statement is built. */
  measure(as: string, text: string, names: NamesInScope): () => number {
    let scale = 0
    this.columns.push({ as, make: () => { const made = this.compile(text, { ...names, id: `measure:${names.id}`, measure: true }).toSql(this.target(), this.writing); scale = made.scale ?? 0; return made } })
    return () => scale
  }
  columnSql(as: string, sql: string): this { this.columns.push({ as, make: () => ({ sql, params: [] }) }); return this }
  order(text: string, names: NamesInScope, down: boolean): this {
    this.orders.push(() => { const f = this.fragment(text, names); return { sql: `${f.sql} ${down ? 'DESC' : 'ASC'}`, params: f.params } })
    return this
  }
  orderSql(sql: string): this { this.orders.push(() => ({ sql, params: [] })); return this }
  limit(limit: number, offset = 0): this { this.limited = { limit, offset }; return this }
  /** All rows found have this reference: what its record has none of need not be looked for in each of them. */
  sharing(column: string, entity: string, id: string): this { this.common.set(column, { $: 'row', entity, id }); return this }
  /** Computed values are worked out for more rows than are shown: what can be asked once for all of them is asked first. */
  passOver(): this { this.overMany = true; return this }
  useIndex(name: string | undefined): this { this.forced = forced(this.loader.context.db.dialect, name) || this.forced; return this }

  /**
   * A condition that few rows meet, as the planner is told: figures of a column that has just been empty, or of a table that has
   * grown since, would send it to another index. SQLite alone needs to be told; MySQL looks into the index each time.
   */
  rare(sql: string): string { return this.loader.context.db.dialect.name === 'sqlite' ? `likelihood(${sql}, 0.0001)` : sql }

  unindexed(sql: string): string { return unindexed(this.loader.context.db.dialect, sql) }

  /** The rows come by their ids: with conditions over an indexed scope beside them, SQLite would walk the whole scope. */
  byId(): this { this.forced = this.loader.context.db.dialect.name === 'mysql' ? ' FORCE INDEX (PRIMARY)' : ' NOT INDEXED'; return this }

  private write(what: string | undefined, tail: string): Statement {
    const { sql, params } = this.text(what, tail, this.scope)
    return { sql, params: bindParams(params, this.scope) }
  }
  private text(what: string | undefined, tail: string, scope: Scope): Fragment {
    this.writing = scope
    this.joins = []
    this.joined = new Map()
    this.count = 0
    const columns = what === undefined ? this.columns.map((c) => ({ as: c.as, ...c.make() })) : []
    const conditions = this.conditions.map((c) => c())
    const orders = what === undefined ? this.orders.map((o) => o()) : []
    const cols = what !== undefined ? [what] : columns.length ? columns.map((c) => `${c.sql} AS ${c.as}`) : [`${this.alias}.*`]
    const sql = [
      `SELECT ${cols.join(', ')} FROM ${this.def.table} ${this.alias}${this.forced}`, ...this.joins,
      conditions.length ? `WHERE ${conditions.map((c) => `(${c.sql})`).join(' AND ')}` : '', tail,
      orders.length ? `ORDER BY ${orders.map((o) => o.sql).join(', ')}` : '',
      this.limited ? `LIMIT ${this.limited.limit}${this.limited.offset ? ` OFFSET ${this.limited.offset}` : ''}` : '',
    ].filter(Boolean).join(' ')
    return { sql, params: [...columns, ...conditions, ...orders].flatMap((f) => f.params) }
  }
  /** The statement without its values, for whoever asks it again and again; null when its text follows from the values (a list written out). */
  template(): Fragment | null {
    let asked = false
    const { scope } = this
    const watched: Scope = { get names() { asked = true; return scope.names }, get now() { asked = true; return scope.now }, zone: scope.zone, get facts() { asked = true; return scope.facts }, ...(scope.calendar ? { calendar: scope.calendar } : {}) } as Scope
    try {
      const made = this.text(undefined, '', watched)
      return asked ? null : made
    } catch (error) {
      if (error instanceof MissingFacts) return null
      throw error
    }
  }
  /** `what` replaces the column list, e.g. "COUNT(*) AS n". */
  async build(what?: string, tail = ''): Promise<Statement> { return this.loader.settle(() => this.write(what, tail)) }
  async all<R extends object>(timeoutMs?: number): Promise<R[]> {
    const s = await this.build()
    return this.loader.context.db.all<R>(s.sql, s.params, timeoutMs ? { timeoutMs } : undefined)
  }
  /** Exact up to `cap`, then cap + 1. */
  async countUpTo(cap: number): Promise<number> {
    const saved = this.limited
    this.limited = { limit: cap + 1, offset: 0 }
    const inner = await this.build('1 AS one')
    this.limited = saved
    const row = await this.loader.context.db.one<{ n: number }>(`SELECT COUNT(*) AS n FROM (${inner.sql}) c`, inner.params)
    return Number(row?.n ?? 0)
  }
}

function blindKind(def: EntityDef, path: string): string {
  let level = def.properties
  let kind = 'text'
  for (const k of path.split('.')) { kind = level[k]?.sensitive ?? kind; level = level[k]?.properties ?? {} }
  return kind
}
