import type { LimitDef } from '#server/runtime/definitions/model.ts'
import { fromFeel } from '#server/runtime/expressions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import type { Call } from '../../context.ts'
import type { Engine } from '../engine.ts'
import type { FactLoader } from '../facts/loader.ts'
import { itemScope, recordScope } from '../facts/scopes.ts'
import { Select } from '../query/select.ts'
import { feelToProperty, isRow } from '../schema/feel-values.ts'
import { getPath, propertyAt, setPath } from '../schema/properties.ts'
import { good, refuse, type Draft } from './draft.ts'
import { fillMessage } from './messages.ts'
import { forceOf } from './rules.ts'
import { overlayDraft, recordNames } from './values.ts'

const keyOf = (v: FeelValue): string => (isRow(v) ? v.id : String(fromFeel(v, { kind: 'any' })))
const num = (v: FeelValue): number | null => (v === null ? null : Number(fromFeel(v, { kind: 'number' })))

/** Locks the row that carries the limit, counts what is stored, admits the set in order; the rest is refused or changed as `over` says. */
export async function checkLimits(engine: Engine, call: Call, loader: FactLoader, drafts: Draft[]): Promise<void> {
  const defs = new Map(good(drafts).map((d) => [d.def.id, d.def]))
  for (const def of defs.values()) {
    for (const [id, limit] of Object.entries(def.limits)) {
      const force = forceOf(call.programme, limit.policy, call.now)
      if (force !== 'off') await applyLimit(engine, call, loader, good(drafts).filter((d) => d.def.id === def.id), id, limit, force)
    }
  }
}

async function applyLimit(engine: Engine, call: Call, loader: FactLoader, drafts: Draft[], id: string, limit: LimitDef, force: 'warn' | 'block'): Promise<void> {
  const { registry, programme } = loader.context
  const ask = (d: Draft, text: string): FeelValue => registry.expression(programme.id, text, recordScope(d.def)).evaluate(loader.scope(recordNames(d)))
  // what the condition compares of the record itself: records that differ in it are counted apart
  const apart = limit.if && drafts[0] ? registry.expression(programme.id, limit.if, recordScope(drafts[0].def)).reads.filter((r) => r.root === 'record').map((r) => ['record', ...r.path].join('.')) : []
  const asked = await loader.settleAll(drafts, (d) => ({
    of: ask(d, limit.of), own: apart.map((path) => keyOf(ask(d, path))), counts: limit.if ? ask(d, limit.if) === true : true,
    weight: limit.sum ? num(ask(d, limit.sum)) ?? 0 : 1,
    max: limit.max ? num(ask(d, limit.max)) : null, min: limit.min ? num(ask(d, limit.min)) : null,
  }))
  const groups = new Map<string, number[]>()
  asked.forEach((a, i) => {
    if (!a.counts || a.of === null) return
    const key = JSON.stringify([keyOf(a.of), ...a.own])
    const members = groups.get(key)
    if (members) members.push(i)
    else groups.set(key, [i])
  })
  for (const members of groups.values()) {
    const first = asked[members[0]!]!
    const key = keyOf(first.of)
    if (isRow(first.of)) await lockRow(engine, loader.definition(first.of.entity).table, key)
    let used = await stored(engine, loader, drafts[members[0]!]!, limit, key, drafts.filter((d) => mayBeStored(d, limit.of, key)).map((d) => d.id))
    for (const i of members) {
      const d = drafts[i]!
      const { max, min, weight } = asked[i]!
      const next = used + weight
      if ((max === null || next <= max) && (min === null || next >= min)) { used = next; continue }
      if (limit.over && force === 'block') {
        const values = await loader.settle(() => Object.entries(limit.over!).map(([path, text]) => [path, ask(d, text)] as const))
        for (const [path, value] of values) { const p = propertyAt(d.def, path); if (p) setPath(d.data, path, feelToProperty(p, value)) }
        overlayDraft(loader, d)
        continue
      }
      const message = await loader.settle(() => fillMessage(loader, d.def, limit.message, recordNames(d), call.actor.lang, { max: String(max ?? ''), min: String(min ?? ''), used: String(used) }))
      if (force === 'warn') { d.warnings.push({ code: `LIMIT_${id}`, message }); used = next } else refuse(d, `LIMIT_${id}`, message)
    }
  }
}

async function lockRow(engine: Engine, table: string, id: string): Promise<void> {
  if (engine.db.dialect.name === 'mysql') await engine.db.one(`SELECT id FROM ${table} WHERE id = ? FOR UPDATE`, [Number(id)])
}

/** New records are not stored yet, and one whose own field says where it counts is found under what that field held. */
function mayBeStored(d: Draft, of: string, key: string): boolean {
  if (d.old === null) return false
  const p = propertyAt(d.def, of)
  return !p || p.compute !== undefined || p.kind === 'array' || String(getPath(d.old, of) ?? '') === key
}

/** What is stored under the same key, without the members of this set. */
async function stored(engine: Engine, loader: FactLoader, sample: Draft, limit: LimitDef, key: string, without: string[]): Promise<number> {
  // the rows are `item`; `record` is the one that asks, not the row
  const select = new Select(sample.def, loader, loader.scope({ record: recordNames(sample)['record']! }), ['item'])
  const names = itemScope(sample.def, sample.def)
  const item = (path: string): string => (path.startsWith('item.') ? path : `item.${path}`)
  const target = propertyAt(sample.def, limit.of)
  select.whereAny([() => { const of = select.fragment(item(limit.of), names); return { sql: select.rare(`${of.sql} = ?`), params: [...of.params, { value: target?.ref ? Number(key) : key }] } }])
  if (limit.if) select.where(limit.if, names)
  if (sample.def.home === 'programme') select.whereSql('t.program = ?', [sample.program])
  for (let i = 0; i < without.length; i += 5000) {
    const ids = engine.db.idsIn('t.id', without.slice(i, i + 5000))
    select.whereSql(`NOT (${ids.sql})`, ids.params)
  }
  if (limit.sum) {
    select.column('v', item(limit.sum), names)
    const rows = await select.all<{ v: number | null }>()
    const scale = propertyAt(sample.def, limit.sum.replace(/^item\./, ''))?.scale ?? 0
    return rows.reduce((s, r) => s + Number(r.v ?? 0), 0) / 10 ** scale
  }
  const built = await select.build('COUNT(*) AS n')
  return Number((await engine.db.one<{ n: number }>(built.sql, built.params))?.n ?? 0)
}
