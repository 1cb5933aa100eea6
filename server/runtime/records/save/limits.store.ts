import type { LimitDef } from '#server/runtime/definitions/model.ts'
import { fromFeel } from '#server/runtime/expressions/index.ts'
import type { FeelValue, Scope } from '#server/runtime/expressions/types.ts'
import type { Call } from '../../context.ts'
import type { Engine } from '../engine.ts'
import type { FactLoader } from '../facts/loader.ts'
import { itemScope, recordScope } from '../facts/scopes.ts'
import { Select } from '../query/select.ts'
import { feelToProperty, isRow } from '../schema/feel-values.ts'
import { getPath, propertyAt, setPath } from '../schema/properties.ts'
import { askAlike } from './alike.ts'
import { good, refuse, type Draft } from './draft.ts'
import { countGroups, groupKey } from './limit-counts.store.ts'
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
      if (force === 'off') continue
      for (let open = good(drafts).filter((d) => d.def.id === def.id); ;) {
        await applyLimit(engine, call, loader, open, id, limit, force)
        const left = good(open)
        // who is refused stays where the record is stored, and takes the place that seemed free there
        if (open.every((d) => d.create || d.problems.length === 0)) break
        open = left
      }
    }
  }
}

async function applyLimit(engine: Engine, call: Call, loader: FactLoader, drafts: Draft[], id: string, limit: LimitDef, force: 'warn' | 'block'): Promise<void> {
  const { registry, programme } = loader.context
  const askIn = (scope: Scope, d: Draft, text: string): FeelValue => registry.expression(programme.id, text, recordScope(d.def)).evaluate(scope)
  const ask = (d: Draft, text: string): FeelValue => askIn(loader.scope(recordNames(d)), d, text)
  // what the condition compares of the record itself: records that differ in it are counted apart
  const apart = limit.if && drafts[0] ? registry.expression(programme.id, limit.if, recordScope(drafts[0].def)).reads.filter((r) => r.root === 'record').map((r) => ['record', ...r.path].join('.')) : []
  const texts = [limit.of, limit.if, limit.sum, limit.max, limit.min].filter((text) => text !== undefined)
  const asked = await askAlike(loader, drafts, texts, (d) => {
    const scope = loader.scope(recordNames(d))
    const value = (text: string): FeelValue => askIn(scope, d, text)
    const of = value(limit.of)
    return {
      of, key: groupKey([keyOf(of), ...apart.map((path) => keyOf(value(path)))]), counts: limit.if ? value(limit.if) === true : true,
      weight: limit.sum ? num(value(limit.sum)) ?? 0 : 1,
      max: limit.max ? num(value(limit.max)) : null, min: limit.min ? num(value(limit.min)) : null,
    }
  })
  const groups = new Map<string, number[]>()
  asked.forEach((a, i) => {
    if (!a.counts || a.of === null) return
    const members = groups.get(a.key)
    if (members) members.push(i)
    else groups.set(a.key, [i])
  })
  const without = storedUnder(drafts, limit.of)
  await lockRows(engine, loader, [...groups.values()].map((members) => asked[members[0]!]!.of))
  const keys = [...new Set([...groups.values()].map((members) => keyOf(asked[members[0]!]!.of)))]
  const counts = groups.size > 1 ? await countGroups(engine, loader, drafts[0]!.def, limit, keys, keys.flatMap(without), keyOf(null)) : null
  for (const [group, members] of groups) {
    const first = asked[members[0]!]!
    const key = keyOf(first.of)
    let used = counts ? counts.get(group) ?? 0 : await stored(engine, loader, drafts[members[0]!]!, limit, key, without(key))
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

/** In one order, so that two sets wait for each other and do not embrace. */
async function lockRows(engine: Engine, loader: FactLoader, of: FeelValue[]): Promise<void> {
  if (engine.db.dialect.name !== 'mysql') return
  const first = of.find(isRow)
  if (!first) return
  const ids = [...new Set(of.filter(isRow).map((row) => Number(row.id)))].sort((a, b) => a - b)
  for (let i = 0; i < ids.length; i += 2000) {
    const where = engine.db.idsIn('id', ids.slice(i, i + 2000))
    await engine.db.all(`SELECT id FROM ${loader.definition(first.entity).table} WHERE ${where.sql} ORDER BY id FOR UPDATE`, where.params)
  }
}

/** Ids of a set that may be stored under a key: new records are not yet, and one whose own field says where it counts is found under what that field held. */
function storedUnder(drafts: Draft[], of: string): (key: string) => string[] {
  const anywhere: string[] = []
  const under = new Map<string, string[]>()
  const p = drafts[0] && propertyAt(drafts[0].def, of)
  for (const d of drafts) {
    if (d.old === null) continue
    if (!p || p.compute !== undefined || p.kind === 'array') { anywhere.push(d.id); continue }
    const key = String(getPath(d.old, of) ?? '')
    const list = under.get(key)
    if (list) list.push(d.id); else under.set(key, [d.id])
  }
  return (key) => [...anywhere, ...under.get(key) ?? []]
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
