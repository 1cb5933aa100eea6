import type { SqlValue } from '#server/data/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import { fromFeel } from '#server/runtime/expressions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { isRow, recordScope, Select, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import { namesOfToken, signatureAt, type State } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { asFeel, feelNames, NOBODY, readsRecord } from './evaluate.ts'
import { isClaimable, rolesAsked } from '../work/move-defs.ts'
import type { Instance } from './instances.store.ts'

/** The same task for a set of instances. */
interface Opened { token: number; element: string; /** the person whose it is, whatever the definition says */ who?: unknown; instances: Instance[] }
interface Asked { org: FeelValue; due: FeelValue; assignee: FeelValue }

const idOf = (v: FeelValue): number | null => (isRow(v) ? Number(v.id) : v === null ? null : Number(fromFeel(v, { kind: 'string' })) || null)
const personOf = (v: FeelValue): FeelValue => (isRow(v) && v.entity === 'core/user' ? v : null)
const timeOf = (v: FeelValue): number | null => {
  const at = v === null ? Number.NaN : Date.parse(String(fromFeel(v, { kind: 'date-time' })))
  return Number.isFinite(at) ? at : null
}

/** A task row per instance; whose it is and until when is asked of the records. */
export async function createTasks(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, opened: Opened[]): Promise<void> {
  const rows: SqlValue[][] = []
  for (const { token, element, who, instances } of opened) {
    const asked = await askAll(loader, def, token, element, instances)
    instances.forEach((i, n) => {
      const { org, due, assignee } = asked[n]!
      const el = i.process.compiled.elements[element]!
      // a signature is for the person asked; a task that can be claimed comes back to whose it was
      const signs = signatureAt(i.process.compiled, i.state, token) !== null
      const given = who !== undefined && (signs || isClaimable(el))
      rows.push([Number(runtime.engine.ids.next()), Number(i.id), token, element, def.id, Number(i.record), i.programme, (signs ? rolesAsked(el) : el.role ?? []).join(','),
        idOf(org), idOf(given ? asFeel(who) : assignee), timeOf(due), call.now, given && !signs ? call.now : null])
    })
  }
  await runtime.engine.db.insertMany('tasks', ['id', 'instance_id', 'token', 'element', 'entity', 'record_id', 'program', 'role', 'org', 'assignee', 'due', 'created_at', 'claimed_at'], rows)
}

async function askAll(loader: FactLoader, def: EntityDef, token: number, element: string, instances: Instance[]): Promise<Asked[]> {
  const own = instances.some((i) => { const el = i.process.compiled.elements[element]!; return [el.org, el.due, el.assignee].some((text) => text !== undefined && readsRecord(loader, def, text)) })
  const bySql = own && instances.length >= SET_FROM ? await orgsBySql(loader, def, token, element, instances) : null
  if (bySql) return instances.map((i) => ({ org: bySql.get(i.record) ?? null, due: null, assignee: null }))
  if (own) await loader.prefetch(def, instances.map((i) => i.record))
  const around = new Map<State, { ask: (record: string) => Asked; same?: Asked }>()
  return loader.settleAll(instances, (instance) => {
    let known = around.get(instance.state)
    if (!known) around.set(instance.state, (known = { ask: askerOf(loader, def, token, element, instance) }))
    if (own) return known.ask(instance.record)
    return (known.same ??= known.ask(instance.record))
  })
}

const SET_FROM = 50
const CHUNK = 2000
/** Whose the tasks of a large set are, asked of the database instead of record by record; null where SQL cannot say it or more than that is asked. */
async function orgsBySql(loader: FactLoader, def: EntityDef, token: number, element: string, instances: Instance[]): Promise<Map<string, FeelValue> | null> {
  const [first] = instances
  const { org, due, assignee } = first!.process.compiled.elements[element]!
  const alike = instances.every((i) => i.state === first!.state && !loader.isOverlaid(def, i.record))
  const names = feelNames(namesOfToken(first!.state, token))
  if (org === undefined || due !== undefined || assignee !== undefined || names['each'] !== undefined || !alike) return null
  const expression = loader.context.registry.expression(loader.context.programme.id, org, recordScope(def))
  const type = expression.type
  if (type.kind !== 'entity' || expression.notSqlable) return null
  const out = new Map<string, FeelValue>()
  for (let i = 0; i < instances.length; i += CHUNK) {
    const where = loader.context.db.idsIn('t.id', instances.slice(i, i + CHUNK).map((x) => x.record))
    const select = new Select(def, loader, loader.scope({ ...NOBODY, ...names }), ['record', '']).byId().whereSql(where.sql, where.params).columnSql('id', 't.id').column('org', org, recordScope(def))
    for (const r of await select.all<{ id: number | string; org: number | string | null }>()) out.set(String(r.id), r.org === null ? null : { $: 'row', entity: type.entity, id: String(r.org) })
  }
  return out
}

/** Asks for records whose instances stand alike: one scope for all of them, each takes its turn in it. */
function askerOf(loader: FactLoader, def: EntityDef, token: number, element: string, { process, state }: Instance): (record: string) => Asked {
  const { registry, programme } = loader.context
  const el = process.compiled.elements[element]!
  const names = feelNames(namesOfToken(state, token))
  const scope = loader.scope({ ...NOBODY, ...names })
  const ask = (text: string | undefined): FeelValue => (text === undefined ? null : registry.expression(programme.id, text, recordScope(def)).evaluate(scope))
  return (record) => {
    scope.names['record'] = { $: 'row', entity: def.id, id: record }
    // a task of a list of people is each one's own
    return { org: ask(el.org), due: ask(el.due), assignee: el.assignee === undefined ? personOf(names['each'] ?? null) : ask(el.assignee) }
  }
}
