import type { Random } from '#server/platform/random.ts'
import type { Db } from '#server/data/index.ts'
import type { EntityDef } from '#server/runtime/definitions/index.ts'
import { toFeel, type EntityRow, type FeelType, type FeelValue, type SqlText } from '#server/runtime/expressions/index.ts'
import { isDate, isInstant, isNumber, isRow, isTime } from '#server/runtime/expressions/values/value.ts'
import { FactLoader, rowScope, Select, type NamesInScope, type Registry, type Sealing } from '#server/runtime/records/index.ts'
import { NOW, ROWS, idOf } from './random-world.ts'
import type { Place } from './places.ts'

export interface Asked { db: Db; registry: Registry; sealing: Sealing; random: Random }
export interface Difference { text: string; entity: string; row: string; closure: unknown; sql: unknown }

/** A SELECT that tells by which power of ten its integers are to be read. */
class Probe extends Select {
  scale = 0
  override fragment(text: string, names: NamesInScope): SqlText {
    const made = super.fragment(text, names) as SqlText
    this.scale = made.scale ?? 0
    return made
  }
}

const rowRef = (def: Pick<EntityDef, 'id'>, id: string): EntityRow => ({ $: 'row', entity: def.id, id })
/** Names that are no rows of the query: records of the world, and plain values. */
function given(asked: Asked, place: Place, name: string, type: FeelType): FeelValue {
  const { random, registry } = asked
  if (type.kind === 'entity') {
    const def = registry.findEntity(place.programme.id, type.entity)
    return def ? rowRef(def, idOf(random.int(0, ROWS))) : null
  }
  if (type.kind === 'context') return Object.fromEntries(Object.entries(type.fields).map(([k, t]) => [k, given(asked, place, k, t)]))
  if (random.int(0, 3) === 0) return null
  switch (type.kind) {
    case 'string': return ['', 'a', '数', '44'][random.int(0, 4)]!
    case 'boolean': return random.int(0, 2) === 1
    case 'number': return toFeel(random.int(0, 71), { kind: 'number' })
    case 'date-time': return { $: 'instant', ms: NOW + random.int(-2, 3) * 3_600_000 }
    case 'date': return { $: 'date', iso: '2026-05-20' }
    default: return null
  }
}

/** What the closure says of every row against what the database says, as a value and as a condition. */
export async function differencesOf(asked: Asked, place: Place): Promise<Difference[]> {
  const { db, registry, sealing, random } = asked
  const { programme, entity, text } = place
  const user = rowRef({ id: 'core/user' }, idOf(random.int(0, ROWS)))
  const roles = Object.keys(programme.roles)
  const session = { role: roles[random.int(0, roles.length + 1)] ?? '', assignable: roles.slice(0, 2) }
  const fresh = (): FactLoader => new FactLoader({ db, registry, sealing, programme, now: NOW, zone: 'Asia/Shanghai', user, session })
  const scope: NamesInScope = place.rows.length === 3 ? rowScope(entity) : { id: `place:${entity.id}:${place.rows.join()}:${text}`, names: place.names, ...(place.self === undefined ? {} : { self: place.self }) }
  const others: Record<string, FeelValue> = Object.fromEntries(Object.entries(place.names).filter(([n]) => n !== 'user' && n !== 'program' && !place.rows.includes(n as never)).map(([n, t]) => [n, given(asked, place, n, t)]))

  const expression = registry.expression(programme.id, text, scope)
  const forSql = fresh()
  const probe = new Probe(entity, forSql, forSql.scope(others), place.rows)
  probe.columnSql('id', 't.id').column('v', text, scope).orderSql('t.id')
  const bySql = new Map((await probe.all<{ id: number; v: unknown }>()).map((r) => [String(r.id), plain(r.v)]))
  const granted = expression.type.kind === 'boolean' ? new Set((await new Select(entity, forSql, forSql.scope(others), place.rows).columnSql('id', 't.id').where(text, scope).all<{ id: number }>()).map((r) => String(r.id))) : null

  const loader = fresh()
  const ids = [...bySql.keys()]
  const byClosure = await loader.settleAll(ids, (id) => expression.evaluate(loader.scope({ ...others, ...Object.fromEntries(place.rows.filter((r) => r !== '').map((r) => [r, rowRef(entity, id)])), ...(place.rows.includes('') && !place.rows.includes('record') ? { record: rowRef(entity, id) } : {}) })))
  return ids.flatMap((id, n): Difference[] => {
    const [closure, sql] = [stored(byClosure[n] ?? null, probe.scale), bySql.get(id)]
    const out: Difference[] = []
    if (!equal(closure, sql)) out.push({ text, entity: entity.id, row: id, closure, sql })
    if (granted && granted.has(id) !== (byClosure[n] === true)) out.push({ text, entity: entity.id, row: id, closure: byClosure[n], sql: `as a condition: ${String(granted.has(id))}` })
    return out
  })
}

const equal = (a: unknown, b: unknown): boolean => a === b || (a !== null && b !== null && b !== undefined && String(a) === String(b))
const plain = (v: unknown): unknown => (typeof v === 'bigint' ? Number(v) : v)
const stored = (value: FeelValue, scale: number): unknown => {
  if (value === null) return null
  if (isNumber(value)) return value.times(10 ** scale).toFixed()
  if (isInstant(value)) return value.ms
  if (isDate(value) || isTime(value)) return value.iso
  if (isRow(value)) return Number(value.id)
  return typeof value === 'boolean' ? Number(value) : value
}
