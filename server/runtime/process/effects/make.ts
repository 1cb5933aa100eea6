import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { EntityRow, FeelValue } from '#server/runtime/expressions/types.ts'
import { factsFor, feelToJson, getPath, isRow, itemScope, propertyAt, recordScope, saveSet, say, Select, updateMany, columnOf, type Engine, type FactLoader, type RecordData } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import { valuesOf } from './set.ts'
import type { EffectSpec } from './spec.ts'

export interface MakeResult { made: string[]; skipped: number; refused: { id: string; reason: string }[] }

const NOBODY = { old: null, input: null, outcome: null, task: null, output: null, made: null, comment: null, params: null }
const ROWS = /^rows\("([^"]+)"\)(?:\[([\s\S]*)\])?$/

/** What stands in rows("entity")[filter], as a query; anything else is a FEEL list. */
function directRows(loader: FactLoader, def: EntityDef, from: string, names: Record<string, FeelValue>): { source: EntityDef; select: Select } | null {
  const direct = ROWS.exec(from.trim())
  if (!direct) return null
  const source = loader.definition(direct[1]!)
  const select = new Select(source, loader, loader.scope({ ...NOBODY, ...names }), ['item'])
  if (source.home === 'programme') select.whereSql('t.program = ?', [loader.context.programme.id])
  if (direct[2]) select.where(direct[2], itemScope(source, def))
  return { source, select: select.columnSql('id', 't.id').orderSql('t.id ASC') }
}

/** Source rows of a make, at most `most`: rows("entity")[filter] goes to the database. */
export async function makeMembers(loader: FactLoader, def: EntityDef, from: string | undefined, given: Record<string, FeelValue>, most?: number): Promise<FeelValue[]> {
  const { registry, programme } = loader.context
  const names: Record<string, FeelValue> = { ...NOBODY, ...given }
  if (!from) return [names['record'] ?? null]
  const direct = directRows(loader, def, from, names)
  if (direct) {
    if (most !== undefined) direct.select.limit(most)
    const rows = await direct.select.all<{ id: number | string }>()
    return rows.map((r): EntityRow => ({ $: 'row', entity: direct.source.id, id: String(r.id) }))
  }
  const list = await loader.settle(() => registry.expression(programme.id, from, recordScope(def)).evaluate(loader.scope(names)))
  return Array.isArray(list) ? list : list === null ? [] : [list]
}

interface Group { key: string; items: FeelValue[] }
const memberNames = (items: FeelValue[], group: Group): Record<string, FeelValue> => ({ item: items[0] ?? null, group: groupContext(group) })

/** `group.x` is the list of x of its members. */
function groupContext(group: Group): FeelValue { return group.items as FeelValue }

/**
 * Makes one record per source row, or per group of them. `unless` refuses rows with a reason, `key` makes it repeatable,
 * `link` writes the new id into the member rows, which must have been free. `groupsOf` are the groups of the members where they are known.
 */
export async function makeRows(engine: Engine, call: Call, def: EntityDef, spec: EffectSpec, names: Record<string, FeelValue>, members?: FeelValue[], groupsOf?: ReadonlyMap<FeelValue, number>): Promise<MakeResult> {
  const loader = factsFor(engine, call)
  const target = loader.definition(spec.into!)
  const found = members ?? await makeMembers(loader, def, spec.from, names)
  const result: MakeResult = { made: [], skipped: 0, refused: [] }
  const sources = spec.link ? await stillFree(engine, loader, spec.link, found) : found
  result.skipped += found.length - sources.length
  const ask = askOf(loader, def, spec.from ? sources : [], names)
  const reasons = await loader.settleAll(sources, (item) => Object.values(spec.unless ?? {}).find((u) => ask(u.if, { item }) === true)?.reason ?? null)
  const free: FeelValue[] = []
  sources.forEach((s, i) => {
    const reason = reasons[i]
    if (reason) result.refused.push({ id: isRow(s) ? s.id : String(i), reason: say(reason, call.actor.lang) })
    else free.push(s)
  })
  const groups = await grouped(loader, free, spec, ask, groupsOf)
  for (let i = 0; i < groups.length; i += 2000) await makeChunk(engine, call, target, spec, groups.slice(i, i + 2000), loader, ask, result)
  return result
}

/** Members that no earlier make has taken, locked where the database can, so that two cannot take one. */
async function stillFree(engine: Engine, loader: FactLoader, link: string, members: FeelValue[]): Promise<FeelValue[]> {
  const first = members.find(isRow)
  if (!first) return members
  const source = loader.definition(first.entity)
  const column = columnOf(propertyAt(source, link)!)
  const lock = engine.db.inTx() ? engine.db.dialect.forUpdate : ''
  const free = new Set<string>()
  const ids = members.filter(isRow).map((m) => m.id)
  for (let i = 0; i < ids.length; i += 2000) {
    const where = engine.db.idsIn('id', ids.slice(i, i + 2000))
    for (const r of await engine.db.all<{ id: number }>(`SELECT id FROM ${source.table} WHERE ${column} IS NULL AND ${where.sql}${lock}`, where.params)) free.add(String(r.id))
  }
  return members.filter((m) => !isRow(m) || free.has(m.id))
}

type Ask = (text: string, more: Record<string, FeelValue>) => FeelValue
/** Expressions of a make over one of its members. */
export function askOf(loader: FactLoader, def: EntityDef, sources: FeelValue[], names: Record<string, FeelValue>): Ask {
  const { registry, programme } = loader.context
  const member = sources.find(isRow)
  const scope = member ? itemScope(loader.definition(member.entity), def) : recordScope(def)
  const { names: base, ...scopeOf } = loader.scope({ ...NOBODY, ...names })
  return (text, more) => registry.expression(programme.id, text, scope).evaluate({ ...scopeOf, names: { ...base, ...more } })
}

const inItem = (path: string): string => (/^(item|record|input|params|user)\b/.test(path) ? path : `item.${path}`)
/** The group that each member belongs to, by the values of `groupBy`. */
const groupKeys = (loader: FactLoader, items: FeelValue[], groupBy: string[], ask: Ask): Promise<string[]> => {
  const texts = groupBy.map(inItem)
  return loader.settleAll(items, (item) => texts.map((g) => JSON.stringify(feelToJson(ask(g, { item })))).join('|'))
}

const AT_ONCE = 2000
/** Source rows of a make with the group of each, counted from 1 in the order of their first members: by the query itself where it can tell, else row by row. */
export async function groupedMembers(engine: Engine, call: Call, def: EntityDef, spec: EffectSpec, names: Record<string, FeelValue>): Promise<{ item: FeelValue; group: number }[]> {
  const loader = factsFor(engine, call)
  const [texts, ordinals] = [(spec.groupBy ?? []).map(inItem), new Map<string, number>()]
  const ordinal = (key: string): number => { let n = ordinals.get(key); if (n === undefined) ordinals.set(key, (n = ordinals.size + 1)); return n }
  const direct = spec.from ? directRows(loader, def, spec.from, names) : null
  if (direct) {
    const scope = itemScope(direct.source, def)
    if (texts.every((text) => direct.select.compile(text, scope).notSqlable === null)) {
      texts.forEach((text, i) => direct.select.column(`g${i}`, text, scope))
      const rows = await direct.select.all<{ id: number | string; [key: `g${number}`]: unknown }>()
      return rows.map((r) => ({ item: { $: 'row', entity: direct.source.id, id: String(r.id) } satisfies EntityRow, group: ordinal(texts.map((_, i) => JSON.stringify(r[`g${i}`])).join('|')) }))
    }
  }
  const out: { item: FeelValue; group: number }[] = []
  const items = await makeMembers(loader, def, spec.from, names)
  for (let i = 0; i < items.length; i += AT_ONCE) {
    const part = items.slice(i, i + AT_ONCE)
    const facts = factsFor(engine, call)
    const keys = await groupKeys(facts, part, spec.groupBy ?? [], askOf(facts, def, part, names))
    keys.forEach((key, n) => out.push({ item: part[n]!, group: ordinal(key) }))
  }
  return out
}

async function grouped(loader: FactLoader, items: FeelValue[], spec: EffectSpec, ask: Ask, known: ReadonlyMap<FeelValue, number> | undefined): Promise<Group[]> {
  if (!spec.groupBy?.length) return items.map((item, i) => ({ key: String(i), items: [item] }))
  const keys = known ? items.map((item) => String(known.get(item))) : await groupKeys(loader, items, spec.groupBy, ask)
  const groups = new Map<string, Group>()
  items.forEach((item, i) => { const g = groups.get(keys[i]!); if (g) g.items.push(item); else groups.set(keys[i]!, { key: keys[i]!, items: [item] }) })
  return [...groups.values()]
}

async function makeChunk(engine: Engine, call: Call, target: EntityDef, spec: EffectSpec, groups: Group[], loader: FactLoader, ask: Ask, result: MakeResult): Promise<void> {
  const patches = await loader.settleAll(groups, (g) => valuesOf(target, spec, (text) => ask(text, memberNames(g.items, g))))
  const existing = await existingOf(loader, target, spec.key ?? [], patches)
  const fresh: { group: Group; data: RecordData }[] = []
  const update: { id: string; data: RecordData }[] = []
  groups.forEach((group, i) => {
    const found = existing[i]
    const data = patches[i]!
    if (!found) fresh.push({ group, data: Object.fromEntries(Object.entries(data).filter(([, v]) => v !== null)) })
    else if (spec.onExisting === 'update') update.push({ id: found, data })
    else result.skipped++
  })
  await engine.db.tx(async () => {
    const saved = await saveSet(engine, call, target, [...fresh.map((f) => ({ data: f.data })), ...update.map((u) => ({ id: u.id, data: u.data }))], { via: { kind: 'effect' } })
    saved.forEach((d, i) => {
      const group = fresh[i]?.group
      if (d.problems.length) for (const item of group?.items ?? []) result.refused.push({ id: isRow(item) ? item.id : d.id, reason: d.problems.map((p) => p.message).join('；') })
      else result.made.push(d.id)
    })
    if (spec.link) {
      const links = fresh.flatMap((f, i) => (saved[i]!.problems.length ? [] : f.group.items.filter(isRow).map((m) => ({ member: m, id: saved[i]!.id }))))
      const first = links[0]
      if (first) {
        const source = loader.definition(first.member.entity)
        const column = columnOf(propertyAt(source, spec.link)!)
        await updateMany(engine.db, source.table, [column], links.map((l) => ({ id: l.member.id, values: [Number(l.id)] })))
      }
    }
  })
}

/** Which of the values to be made are there already, by the fields of `key`. */
async function existingOf(loader: FactLoader, target: EntityDef, key: string[], patches: RecordData[]): Promise<(string | null)[]> {
  if (key.length === 0) return patches.map(() => null)
  return loader.settleAll(patches, (data) => {
    const equals = key.map((path) => {
      const p = propertyAt(target, path)!
      const v = getPath(data, path)
      return { path, value: (v == null ? null : p.ref ? { $: 'row', entity: p.ref.entity, id: String(v) } : v) as FeelValue }
    })
    return loader.rows(target.id, equals)[0]?.id ?? null
  })
}
