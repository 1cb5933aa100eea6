import type { EntityDef, LimitDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import type { Engine } from '../engine.ts'
import type { FactLoader } from '../facts/loader.ts'
import { itemScope } from '../facts/scopes.ts'
import { Select } from '../query/select.ts'
import { isSensitive, propertyAt } from '../schema/properties.ts'
import { columnsOf } from '../schema/tables.ts'

interface Plan { of: PropertyDef; same: PropertyDef[]; fixed: string[] }
const SAME = /^item\.(\w+) = record\.\1$/
const FIXED = /^item\.[\w.]+ = ("[^"\\]*"|true|false|\d+)$/

/** A column whose values are the same text in FEEL and in SQL. */
function plain(def: EntityDef, path: string): PropertyDef | undefined {
  const p = propertyAt(def, path)
  return p && !path.includes('.') && (p.kind === 'ref' || p.kind === 'string') && !isSensitive(p) && columnsOf(p).length === 1 ? p : undefined
}

const plans = new WeakMap<LimitDef, Plan | null>()
/** Limits on an own column whose condition does no more than compare own columns with the asking record's or with constants. */
function planOf(def: EntityDef, limit: LimitDef): Plan | null {
  let plan = plans.get(limit)
  if (plan === undefined) plans.set(limit, (plan = makePlan(def, limit)))
  return plan
}
function makePlan(def: EntityDef, limit: LimitDef): Plan | null {
  const of = plain(def, limit.of)
  if (!of || limit.sum) return null
  const plan: Plan = { of, same: [], fixed: [] }
  for (const part of limit.if?.split(' and ').map((t) => t.trim()) ?? []) {
    const same = SAME.exec(part)
    const p = same ? plain(def, same[1]!) : undefined
    if (p) plan.same.push(p)
    else if (FIXED.test(part)) plan.fixed.push(part)
    else return null
  }
  return plan
}

const AT_ONCE = 2000
export const groupKey = (values: string[]): string => JSON.stringify(values)

/**
 * What is stored under each key, without the given records: one query for all groups of a set. Keys of the answer are `groupKey` of the
 * limit's value and of what its condition compares, in the order of the condition; null when the limit is not made so.
 */
export async function countGroups(engine: Engine, loader: FactLoader, def: EntityDef, limit: LimitDef, keys: string[], without: string[], nothing: string): Promise<Map<string, number> | null> {
  const plan = planOf(def, limit)
  if (!plan) return null
  const counts = new Map<string, number>()
  const columns = [plan.of, ...plan.same].map((p) => `t.${p.column!.name}`)
  for (let i = 0; i < keys.length; i += AT_ONCE) {
    const select = new Select(def, loader, loader.scope({ record: null }), ['item'])
    const among = engine.db.idsIn(columns[0]!, keys.slice(i, i + AT_ONCE).map((k) => (plan.of.kind === 'ref' ? Number(k) : k)))
    select.whereSql(select.rare(among.sql), among.params)
    for (const part of plan.fixed) select.where(part, itemScope(def, def))
    if (def.home === 'programme') select.whereSql('t.program = ?', [loader.context.programme.id])
    for (let n = 0; n < without.length; n += 5000) {
      const ids = engine.db.idsIn('t.id', without.slice(n, n + 5000))
      select.whereSql(`NOT (${ids.sql})`, ids.params)
    }
    columns.forEach((c, n) => select.columnSql(`k${n}`, c))
    const built = await select.columnSql('n', 'COUNT(*)').build(undefined, `GROUP BY ${columns.join(', ')}`)
    for (const r of await engine.db.all<Record<string, unknown>>(built.sql, built.params)) counts.set(groupKey(columns.map((_, n) => (r[`k${n}`] == null ? nothing : String(r[`k${n}`])))), Number(r['n']))
  }
  return counts
}
