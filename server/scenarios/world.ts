import type { VirtualClock } from '../platform/clock.ts'
import type { Actor, Call } from '../runtime/context.ts'
import type { Core } from '../compose-core.ts'
import { actorOf } from '../runtime/accounts/index.ts'
import type { EntityDef } from '../runtime/definitions/index.ts'
import { nextDue, runTimers } from '../runtime/process/index.ts'
import { factsFor, feelToJson, isRow, rowScope, type FactLoader } from '../runtime/records/index.ts'
import type { SeedNames } from '../runtime/release/index.ts'
import type { CallOperation } from '../runtime/desk/index.ts'
import type { House } from '../house.ts'

export interface Ref { entity: string; id: string }
/** One scenario's world: a fresh database, a clock that stands still until advanced, and the names of what it has made. */
export interface World {
  core: Core
  house: House
  clock: VirtualClock
  programme: string
  names: SeedNames
  refs: Map<string, Ref[]>
  /** what steps gave besides records, such as a new password */
  kept: Map<string, unknown>
  /** users and passwords of the demo sets, by account */
  passwords: Map<string, { user: string; password: string }>
  /** tokens for the REST resource, by user and role */
  tokens: Map<string, { token: string; until: number }>
  operation: CallOperation
  actor: Actor | null
  drain(): Promise<void>
  putFile(def: EntityDef, path: string, name: string, bytes: Buffer): Promise<string>
}

export const callOf = (w: World): Call => (w.actor ? { ...w.core.call(w.actor), programme: w.core.registry.programme(w.programme) } : w.core.system(w.programme))
export const entityOf = (w: World, name: string): EntityDef => w.core.registry.entity(w.programme, name)

export async function actAs(w: World, name: string | undefined): Promise<void> {
  if (name === undefined) return
  if (name === 'system') { w.actor = null; return }
  const id = w.names.get(`user.${name}`) ?? w.refs.get(name)?.[0]?.id
  const actor = id ? await actorOf(w.core.engine, w.programme, { id }) : await actorOf(w.core.engine, w.programme, { account: name })
  if (!actor) throw new Error(`nobody is called "${name}" in the given demo set`)
  w.actor = actor
}

/** "$app", "$regs.2", "$exam-plan.plan2026", "$candidate.wang.idNo": what a step's name stands for. */
export function findRef(w: World, text: string): { ref: Ref; path: string[] } | null {
  const parts = text.slice(1).split('.')
  for (let n = parts.length; n > 0; n--) {
    const head = parts.slice(0, n).join('.')
    const rest = parts.slice(n)
    const own = w.refs.get(head)
    if (own) {
      const at = rest[0] !== undefined && /^\d+$/.test(rest[0]) ? Number(rest[0]) - 1 : null
      const ref = own[at ?? 0]
      return ref ? { ref, path: at === null ? rest : rest.slice(1) } : null
    }
    const full = w.names.get(head)
    if (full) return { ref: { entity: head.slice(0, head.indexOf('.')), id: full }, path: rest }
    const alike = [...w.names.keys()].filter((k) => k.endsWith(`.${head}`) && k.split('.').length === head.split('.').length + 1)
    if (alike.length === 1) return { ref: { entity: alike[0]!.slice(0, alike[0]!.indexOf('.')), id: w.names.get(alike[0]!)! }, path: rest }
    if (alike.length > 1) throw new Error(`"$${head}" may be ${alike.map((a) => `$${a}`).join(' or ')}; write the entity`)
  }
  return null
}
export function refOf(w: World, text: string): Ref {
  const found = findRef(w, text)
  if (!found) throw new Error(`"${text}" names nothing that the demo set or an earlier step has made`)
  return found.ref
}

/** Replaces references in data by ids, or by the value at a path of the referred record. */
export async function resolve<T>(w: World, value: T): Promise<T> {
  if (typeof value === 'string' && /^\$[A-Za-z]/.test(value)) {
    const [head = '', ...rest] = value.slice(1).split('.')
    if (w.kept.has(head)) return rest.reduce<unknown>((v, k) => (v as Record<string, unknown> | undefined)?.[k], w.kept.get(head)) as T
    const found = findRef(w, value)
    if (!found) throw new Error(`"${value}" names nothing that the demo set or an earlier step has made`)
    if (found.path.length === 0) return found.ref.id as T
    return (await readPath(w, found.ref, found.path.join('.'))) as T
  }
  if (Array.isArray(value)) return (await Promise.all(value.map((v) => resolve(w, v)))) as T
  if (value !== null && typeof value === 'object') return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([k, v]) => [k, await resolve(w, v)]))) as T
  return value
}

export const facts = (w: World, call = callOf(w)): FactLoader => factsFor(w.core.engine, call)
export async function readPath(w: World, ref: Ref, path: string, loader = facts(w, w.core.system(w.programme))): Promise<unknown> {
  const def = entityOf(w, ref.entity)
  const row = { $: 'row', entity: def.id, id: ref.id } as const
  const value = await loader.settle(() => w.core.registry.expression(w.programme, path, rowScope(def)).evaluate(loader.scope({ record: row, item: row })))
  return isRow(value) ? value.id : feelToJson(value)
}

/** Time goes forward; what falls due on the way happens at its own time, in order. */
export async function advanceTo(w: World, target: number): Promise<void> {
  for (let guard = 0; guard < 10_000; guard++) {
    const due = await nextDue(w.core.processes)
    if (due === null || due > target) break
    if (due > w.clock.now()) w.clock.set(due)
    await runTimers(w.core.processes, w.clock.now())
    await w.drain()
  }
  w.clock.set(Math.max(target, w.clock.now()))
  await w.drain()
}
