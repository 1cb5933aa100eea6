import type { Db } from '#server/data/index.ts'
import type { EntityDef, ProgrammeDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import type { EntityRow, Facts, FeelValue, Scope } from '#server/runtime/expressions/types.ts'
import type { Registry } from '../registry.ts'
import { decodePath, type RawRow, type RecordData, type Sealing } from '../schema/codec.ts'
import { isRow, propertyToFeel } from '../schema/feel-values.ts'
import { systemProperty } from '../schema/system.ts'
import { toFeel } from '#server/runtime/expressions/index.ts'
import { recordScope } from './scopes.ts'
import { Absences } from './absences.ts'
import { RowSets } from './row-sets.ts'

/** Thrown when a closure needs something that is not loaded yet; the loader notes what and fetches it for the whole set at once. */
export class MissingFacts extends Error {}
const MISSING = new MissingFacts('facts are not loaded yet')
const MAX_ROUNDS = 60

/** `data` is the draft's own object: what is set in it is seen at once. Columns of the record go before fields. */
interface Overlay { data: RecordData; system: Record<string, unknown> }
const valueIn = ({ data, system }: Overlay, name: string): unknown => (Object.hasOwn(system, name) ? system[name] : data[name])

interface Loaded { raw: RawRow; def: EntityDef; json?: RecordData; memo?: Map<string, FeelValue> }
export interface FactsContext {
  db: Db
  registry: Registry
  sealing: Sealing
  programme: ProgrammeDef
  now: number
  zone: string
  user: FeelValue
  /** what the session knows of the acting user beside the record: role, assignable */
  session: Record<string, FeelValue>
}

/**
 * Answers FEEL closures from memory and fetches what they miss in sets: evaluate everything, load what was missing, evaluate again.
 * A set of 5 000 records costs one query per reference hop, not one per record.
 */
export class FactLoader implements Facts {
  private readonly rowsById = new Map<string, Map<string, Loaded | null>>()
  private readonly overlays = new Map<string, Map<string, Overlay>>()
  private readonly patches = new Map<string, Map<string, RecordData>>()
  private readonly definitions = new Map<string, EntityDef>()
  private readonly wanted = new Map<string, Set<string>>()
  private readonly sets: RowSets
  private readonly absences: Absences
  constructor(readonly context: FactsContext) {
    this.absences = new Absences(context)
    this.sets = new RowSets(context, (entity) => this.definition(entity), (def, raw) => this.remember(def, raw))
  }

  definition(entity: string): EntityDef {
    let def = this.definitions.get(entity)
    if (!def) this.definitions.set(entity, (def = this.context.registry.entity(this.context.programme.id, entity)))
    return def
  }

  /** Values of a record that is being created or changed; they win over what is stored. Called again when they have changed. */
  overlay(def: EntityDef, id: string, data: RecordData, system: Record<string, unknown> = {}): void {
    let byId = this.overlays.get(def.id)
    if (!byId) this.overlays.set(def.id, (byId = new Map()))
    byId.set(id, { data, system })
    this.rowsById.get(def.id)?.get(id)?.memo?.clear()
  }
  /** New values of some fields of a stored record; all else of it is as it is stored. */
  patch(def: EntityDef, id: string, data: RecordData): void {
    const byId = this.patches.get(def.id)
    if (byId) byId.set(id, data)
    else this.patches.set(def.id, new Map([[id, data]]))
  }
  isOverlaid(def: EntityDef, id: string): boolean { return this.overlays.get(def.id)?.has(id) === true }
  forget(): void { this.rowsById.clear(); this.sets.clear(); this.absences.clear() }

  private remember(def: EntityDef, raw: RawRow): EntityRow {
    const id = String(raw['id'])
    const byId = this.rowsById.get(def.id) ?? new Map<string, Loaded | null>()
    this.rowsById.set(def.id, byId)
    if (!byId.get(id)) byId.set(id, { raw, def })
    return { $: 'row', entity: def.id, id }
  }
  /** Puts rows that a query brought anyway, so that they are not fetched again. */
  seed(def: EntityDef, rows: RawRow[]): void { for (const raw of rows) this.remember(def, raw) }

  private loaded(def: EntityDef, id: string): Loaded | null {
    const known = this.rowsById.get(def.id)?.get(id)
    if (known !== undefined) return known
    const set = this.wanted.get(def.id) ?? new Set<string>()
    this.wanted.set(def.id, set.add(id))
    throw MISSING
  }

  property(row: EntityRow, name: string): FeelValue {
    const def = this.definition(row.entity)
    if (name === 'id') return row.id
    const { user, session } = this.context
    if (isRow(user) && row.id === user.id && row.entity === user.entity && Object.hasOwn(session, name)) return session[name]!
    const over = this.overlays.get(def.id)?.get(row.id)
    const prop = def.properties[name]
    const patch = this.patches.size > 0 ? this.patches.get(def.id)?.get(row.id) : undefined
    if (prop && patch && Object.hasOwn(patch, name)) return propertyToFeel(prop, patch[name])
    if (prop?.compute?.at === 'read') return this.readCompute(def, row, prop, over)
    if (prop && over) return propertyToFeel(prop, valueIn(over, name))
    if (prop) return this.stored(def, row, prop)
    const inverse = def.inverses[name]
    if (inverse) return this.rows(inverse.entity, [{ path: inverse.path, value: row }])
    const system = systemProperty(name)
    if (!system) return null
    if (over && (Object.hasOwn(over.system, name) || Object.hasOwn(over.data, name))) return toFeel(valueIn(over, name) as never, system.type)
    if (over && !this.rowsById.get(def.id)?.has(row.id)) return null
    const value = this.loaded(def, row.id)?.raw[system.column]
    if (value == null) return null
    if (system.type.kind === 'entity') return { $: 'row', entity: system.type.entity, id: String(value) }
    return system.type.kind === 'date-time' ? { $: 'instant', ms: Number(value) } : toFeel(value as never, system.type)
  }

  private stored(def: EntityDef, row: EntityRow, prop: PropertyDef): FeelValue {
    const found = this.loaded(def, row.id)
    if (!found) return null
    const memo = found.memo?.get(prop.name)
    if (memo !== undefined) return memo
    const json = () => (found.json ??= JSON.parse((found.raw['data'] as string | null) ?? '{}') as RecordData)
    const value = propertyToFeel(prop, decodePath(found.def, found.raw, prop, this.context.sealing, json))
    ;(found.memo ??= new Map()).set(prop.name, value)
    return value
  }

  private readCompute(def: EntityDef, row: EntityRow, prop: PropertyDef, over: Overlay | undefined): FeelValue {
    const { registry, programme } = this.context
    // a record that is gone computes nothing, in SQL as here
    if (!over && this.loaded(def, row.id) === null) return null
    if (prop.compute!.if) {
      const on = registry.expression(programme.id, prop.compute!.if, recordScope(def)).evaluate(this.scope({ record: row }))
      if (on !== true) return over ? propertyToFeel(prop, valueIn(over, prop.name)) : this.stored(def, row, prop)
    }
    return registry.expression(programme.id, prop.compute!.expr, recordScope(def)).evaluate(this.scope({ record: row }))
  }

  rows(entity: string, equals: { path: string; value: FeelValue }[]): EntityRow[] {
    const found = this.sets.get(this.definition(entity), equals)
    if (found === undefined) throw MISSING
    return found
  }

  none(entity: string, equals: { path: string; value: FeelValue }[]): boolean {
    const answer = this.absences.get(this.definition(entity), equals)
    if (answer === undefined) throw MISSING
    return answer
  }

  /** Names every expression may use, plus the given ones. */
  scope(names: Record<string, FeelValue>): Scope {
    const { programme, now, zone, user } = this.context
    return { names: { user, program: programmeContext(programme), ...names }, now, zone, facts: this }
  }

  /** Runs the closure until it has all it needs. */
  async settle<T>(run: () => T): Promise<T> {
    const [only] = await this.settleAll([0], () => run())
    return only as T
  }
  /** Within a run: evaluates every item before it asks for what is missing, so that the facts of all come in one round. */
  each<I, O>(items: readonly I[], run: (item: I, index: number) => O): O[] {
    let missing: MissingFacts | undefined
    const out = items.map((item, i) => {
      try { return run(item, i) } catch (error) {
        if (!(error instanceof MissingFacts)) throw error
        missing = error
        return undefined as never
      }
    })
    if (missing) throw missing
    return out
  }
  async settleAll<I, O>(items: readonly I[], run: (item: I, index: number) => O): Promise<O[]> {
    const out = new Array<O>(items.length)
    // undefined: all of them
    let pending: number[] | undefined
    for (let round = 0; pending === undefined || pending.length > 0; round++) {
      if (round > MAX_ROUNDS) throw new Error('an expression asks for facts without end')
      const next: number[] = []
      const count = pending?.length ?? items.length
      for (let n = 0; n < count; n++) {
        const i = pending === undefined ? n : pending[n]!
        try { out[i] = run(items[i]!, i) } catch (error) {
          if (!(error instanceof MissingFacts)) throw error
          next.push(i)
        }
      }
      if (next.length > 0) await this.load()
      pending = next
    }
    return out
  }

  private async load(): Promise<void> {
    const wanted = [...this.wanted]
    this.wanted.clear()
    for (const [entity, ids] of wanted) {
      const def = this.definition(entity)
      const list = [...ids].filter((id) => /^\d+$/.test(id))
      const byId = this.rowsById.get(def.id) ?? new Map<string, Loaded | null>()
      this.rowsById.set(def.id, byId)
      for (let i = 0; i < list.length; i += 2000) {
        const where = this.context.db.idsIn('id', list.slice(i, i + 2000))
        for (const raw of await this.context.db.all<RawRow>(`SELECT * FROM ${def.table} WHERE ${where.sql}`, where.params)) this.remember(def, raw)
      }
      for (const id of ids) if (!byId.has(id)) byId.set(id, null)
    }
    await this.sets.load()
    await this.absences.load()
  }

  /** Loads rows that are going to be asked for, so that nothing is evaluated in vain; known ones are not read again. */
  async prefetch(def: EntityDef, ids: readonly string[]): Promise<void> {
    const known = this.rowsById.get(def.id)
    const missing = ids.filter((id) => known?.get(id) === undefined && !this.isOverlaid(def, id))
    if (missing.length === 0) return
    this.wanted.set(def.id, new Set([...(this.wanted.get(def.id) ?? []), ...missing]))
    await this.load()
  }

  /** Stored row, or null; loads when needed. */
  async raw(def: EntityDef, id: string): Promise<RawRow | null> {
    return (await this.settle(() => this.loaded(def, id)))?.raw ?? null
  }
}

const contexts = new WeakMap<ProgrammeDef, FeelValue>()
/** program.params.x and program.policies.x (its force today) as FEEL sees them. */
export function programmeContext(p: ProgrammeDef): FeelValue {
  let value = contexts.get(p)
  if (!value) {
    const any = { kind: 'any' } as const
    value = {
      id: p.id, title: p.title.zh,
      params: Object.fromEntries(Object.entries(p.params).map(([k, v]) => [k, toFeel(v.value, any)])),
      policies: Object.fromEntries(Object.entries(p.policies).map(([k, v]) => [k, v.is])),
      checklists: toFeel(p.checklists, any), parties: toFeel(p.parties, any), references: toFeel(p.references, any),
    }
    contexts.set(p, value)
  }
  return value
}
export { isRow }
