import type { SqlValue } from '#server/data/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import { fromFeel } from '#server/runtime/expressions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { isRow, recordScope, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import { namesOfToken, type State } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { feelNames, readsRecord } from './evaluate.ts'
import type { Instance } from './instances.store.ts'

/** The same task for a set of instances. */
interface Opened { token: number; element: string; instances: Instance[] }
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
  for (const { token, element, instances } of opened) {
    const asked = await askAll(loader, def, token, element, instances)
    instances.forEach((i, n) => {
      const { org, due, assignee } = asked[n]!
      rows.push([Number(runtime.engine.ids.next()), Number(i.id), token, element, def.id, Number(i.record), i.programme, (i.process.compiled.elements[element]!.role ?? []).join(','), idOf(org), idOf(assignee), timeOf(due), call.now])
    })
  }
  await runtime.engine.db.insertMany('tasks', ['id', 'instance_id', 'token', 'element', 'entity', 'record_id', 'program', 'role', 'org', 'assignee', 'due', 'created_at'], rows)
}

async function askAll(loader: FactLoader, def: EntityDef, token: number, element: string, instances: Instance[]): Promise<Asked[]> {
  const own = instances.some((i) => { const el = i.process.compiled.elements[element]!; return [el.org, el.due, el.assignee].some((text) => text !== undefined && readsRecord(loader, def, text)) })
  if (own) await loader.prefetch(def, instances.map((i) => i.record))
  const around = new Map<State, { ask: (record: string) => Asked; same?: Asked }>()
  return loader.settleAll(instances, (instance) => {
    let known = around.get(instance.state)
    if (!known) around.set(instance.state, (known = { ask: askerOf(loader, def, token, element, instance) }))
    if (own) return known.ask(instance.record)
    return (known.same ??= known.ask(instance.record))
  })
}

/** Asks for records whose instances stand alike: one scope for all of them, each takes its turn in it. */
function askerOf(loader: FactLoader, def: EntityDef, token: number, element: string, { process, state }: Instance): (record: string) => Asked {
  const { registry, programme } = loader.context
  const el = process.compiled.elements[element]!
  const names = feelNames(namesOfToken(state, token))
  const scope = loader.scope({ record: null, item: null, old: null, input: null, outcome: null, task: null, output: null, made: null, comment: null, params: null, ...names })
  const ask = (text: string | undefined): FeelValue => (text === undefined ? null : registry.expression(programme.id, text, recordScope(def)).evaluate(scope))
  return (record) => {
    scope.names['record'] = { $: 'row', entity: def.id, id: record }
    // a task of a list of people is each one's own
    return { org: ask(el.org), due: ask(el.due), assignee: el.assignee === undefined ? personOf(names['each'] ?? null) : ask(el.assignee) }
  }
}
