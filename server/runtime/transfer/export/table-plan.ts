import { SYSTEM_PROPERTIES, type EntityDef, type PropertyDef } from '#server/runtime/definitions/index.ts'
import { own } from '#server/platform/json.ts'
import { maskShown, presentColumn, presentValue, restReader, rowScope, storedReader, type FactLoader, type RawRow, type Shown, type StoredReader } from '#server/runtime/records/index.ts'
import type { WriteValue } from '#server/runtime/records/excel/index.ts'
import { remembered, showOf, written, type Look, type Show } from './show.ts'

type Slot = (row: RawRow) => WriteValue
interface Late { slot: number; value(loader: FactLoader, id: string): WriteValue }
interface Link { key(row: RawRow): string | undefined; plan: TablePlan; known: Map<string, WriteValue[] | null> }

/** referred records whose values are kept from batch to batch */
const MOST_KNOWN = 20_000
const IDS = 2000

/**
 * What an export needs of one table, decided once: the columns to read, how each value is taken from a row and shown, and the
 * referred tables, each record of which is read and shown once however many rows refer to it. What is not stored is evaluated as FEEL.
 */
export class TablePlan {
  readonly columns = new Set(['id'])
  /** something here needs the whole row */
  whole = false
  private readonly slots: Slot[] = []
  private readonly late: Late[] = []
  private readonly links = new Map<string, Link>()
  private readonly rest = restReader()
  constructor(readonly def: EntityDef, private readonly loader: FactLoader) {}

  /** The place of a path's value among the values of a row; undefined when the path is not made of stored values and references. */
  add(path: string, look: Look, show?: Show): number | undefined {
    if (path.includes('[')) return undefined
    const [name = '', ...steps] = path.split('.')
    // what only the session knows of the acting person
    if (Object.hasOwn(this.loader.context.session, name)) return undefined
    const prop = own(this.def.properties, name) ?? (own(this.def.inverses, name) ? undefined : own(SYSTEM_PROPERTIES, name))
    return prop && this.addProperty(prop, steps, look, show)
  }

  private addProperty(first: PropertyDef, steps: readonly string[], look: Look, show?: Show): number | undefined {
    let prop = first
    let at = 0
    while (prop.kind === 'object' && prop.compute?.at !== 'read' && at < steps.length) {
      const inner: PropertyDef | undefined = own(prop.properties ?? {}, steps[at++]!)
      if (!inner) return undefined
      prop = inner
    }
    const reader = storedReader(this.def, prop, this.loader.context.sealing, this.rest)
    if (!reader) return undefined
    if (prop.kind === 'ref') return this.addLink(prop.path, reader, this.loader.definition(prop.ref!.entity), steps.slice(at), look, show)
    if (at < steps.length || prop.kind === 'array') return undefined
    return this.addStored(reader, prop, look, show)
  }

  private addStored({ column, read }: StoredReader, prop: PropertyDef, look: Look, show?: Show): number {
    this.columns.add(column)
    const made = showOf(this.loader, prop, this.def, look)
    const shown = show ?? (made.plain || prop.sensitive ? made.show : remembered(made.show))
    return this.slots.push((row) => shown(read(row))) - 1
  }

  private addLink(name: string, { column, read }: StoredReader, def: EntityDef, steps: readonly string[], look: Look, show?: Show): number | undefined {
    const link = this.links.get(name) ?? { key: (row) => textOf(read(row)), plan: new TablePlan(def, this.loader), known: new Map() }
    // a reference is shown by the label of what it refers to
    const path = steps.length ? steps.join('.') : def.label
    const itself = steps.length === 0
    const place = link.plan.add(path, itself ? { ...look, label: true } : look, show) ?? (show ? undefined : link.plan.addLate(path, itself, look))
    if (place === undefined) return undefined
    this.columns.add(column)
    this.links.set(name, link)
    return this.slots.push((row) => {
      const key = link.key(row)
      return key === undefined ? null : link.known.get(key)?.[place] ?? null
    }) - 1
  }

  /** A value of this table's rows that has to be evaluated. */
  private addLate(path: string, itself: boolean, { lang, format, mask }: Look): number | undefined {
    if (itself) return this.evaluated((loader, id) => labelOf(presentValue(loader, undefined, { $: 'row', entity: this.def.id, id }, lang), mask))
    if (path.includes('[') || !isOwn(this.def, path)) return undefined
    const column = { path, ...(format ? { format } : {}), ...(mask ? { mask } : {}) }
    return this.evaluated((loader, id) => written(presentColumn(loader, this.def, column, { $: 'row', entity: this.def.id, id }, lang)))
  }
  /** The place of a value that closures answer, asked once the rows are known to the loader. */
  evaluated(value: Late['value']): number {
    this.whole = true
    const slot = this.slots.push(() => null) - 1
    this.late.push({ slot, value })
    return slot
  }
  /** The place of a value that stands in a row under a name of the query's own. */
  selected(name: string, show: Show): number { return this.slots.push((row) => show(row[name])) - 1 }

  /** The values of each row, by the places that were given. `loader` is that of the batch. */
  async values(rows: RawRow[], loader: FactLoader): Promise<WriteValue[][]> {
    for (const link of this.links.values()) await load(link, rows, loader)
    const { slots } = this
    const out = rows.map((row) => {
      const values = new Array<WriteValue>(slots.length)
      for (let i = 0; i < slots.length; i++) values[i] = slots[i]!(row)
      return values
    })
    if (this.late.length === 0) return out
    loader.seed(this.def, rows)
    for (const { slot, value } of this.late) {
      const found = await loader.settleAll(rows, (row) => value(loader, String(row['id'])))
      found.forEach((v, i) => { out[i]![slot] = v })
    }
    return out
  }
}

const textOf = (value: unknown): string | undefined => (value === undefined || value === null || value === '' ? undefined : String(value))
const labelOf = (shown: Shown, mask: string | undefined): string => (mask ? maskShown(shown, mask) : shown).text
/** Whether the expression of this text begins at the record: `program` and `user` alone mean other things than its properties. */
export const isOwn = (def: EntityDef, path: string): boolean => !Object.hasOwn(rowScope(def).names, path.split('.')[0]!)

/** Reads and shows the referred records that are not known yet; one that is not there has no values. */
async function load(link: Link, rows: readonly RawRow[], loader: FactLoader): Promise<void> {
  const { plan, known } = link
  const keys = new Set<string>()
  for (const row of rows) { const key = link.key(row); if (key !== undefined) keys.add(key) }
  let missing = [...keys].filter((key) => !known.has(key))
  if (missing.length === 0) return
  if (known.size + missing.length > MOST_KNOWN) { known.clear(); missing = [...keys] }
  const { db } = loader.context
  const columns = plan.whole ? '*' : [...plan.columns].join(', ')
  const ids = missing.filter((key) => /^\d+$/.test(key))
  for (let i = 0; i < ids.length; i += IDS) {
    const within = db.idsIn('id', ids.slice(i, i + IDS))
    const found = await db.all<RawRow>(`SELECT ${columns} FROM ${plan.def.table} WHERE ${within.sql}`, within.params)
    const values = await plan.values(found, loader)
    found.forEach((row, n) => known.set(String(row['id']), values[n]!))
  }
  for (const key of missing) if (!known.has(key)) known.set(key, null)
}
