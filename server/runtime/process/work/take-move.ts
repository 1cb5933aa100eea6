import type { EntityDef, JsonObject } from '#server/runtime/definitions/model.ts'
import { writeHistory, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call, Problem } from '../../context.ts'
import { advance } from '../advance.ts'
import type { CoreEvent } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { barredBy, makersOf } from './duties.ts'
import { doneTasks } from './done-tasks.ts'
import { isClaimable } from './move-defs.ts'
import type { Offer } from './offers.ts'
import { peopleOf, type Person } from './people.ts'
import { resume, suspend } from './suspend.ts'

export interface MoveRequest { input?: JsonObject; comment?: string }
const problem = (code: string, message: string, path?: string): Problem[] => [{ code, message, ...(path ? { path } : {}) }]
const TAKEN = problem('CONFLICT', '已被他人处理，请刷新后再试')
const row = (id: string): unknown => ({ $: 'row', entity: 'core/user', id })

/** People who may be chosen for a delegation or a signature: of the task's organisation, without who asks and whom duties keep out. */
export async function candidatesFor(runtime: ProcessRuntime, call: Call, _loader: FactLoader, def: EntityDef, offer: Offer): Promise<Person[]> {
  const { instance, element } = offer
  const task = offer.task === undefined ? undefined : await runtime.engine.db.one<{ org: number | null }>('SELECT org FROM tasks WHERE id = ?', [Number(offer.task)])
  const org = task?.org == null ? call.actor.orgId : String(task.org)
  const people = await peopleOf(runtime, call, org, offer.move?.people ?? element.role ?? [])
  const done = (await doneTasks(runtime, call, [instance])).get(instance.id) ?? []
  const maker = (await makersOf(runtime, def, [instance])).get(instance.record)
  return people.filter((p) => p.id !== call.actor.userId && (offer.verb !== 'delegate' || barredBy(instance, element, done, maker, p.id) === null))
}

/** Does one move; answers why not, or nothing. In the caller's transaction. */
export async function takeMove(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, offer: Offer, request: MoveRequest): Promise<Problem[]> {
  switch (offer.verb) {
    case 'claim': return own(runtime, call, def, offer, request, 'assignee = ?, claimed_at = ?', [Number(call.actor.userId), call.now], 'assignee IS NULL')
    case 'release': return own(runtime, call, def, offer, request, 'assignee = NULL, claimed_at = NULL', [], 'claimed_at IS NOT NULL')
    case 'give-back': return own(runtime, call, def, offer, request, 'assignee = owner, owner = NULL', [], 'owner IS NOT NULL')
    case 'delegate': return delegate(runtime, call, loader, def, offer, request)
    case 'sign-before': case 'sign-after': return askToSign(runtime, call, loader, def, offer, request)
    case 'return': case 'jump': return go(runtime, call, def, offer, request)
    case 'withdraw': return put(runtime, call, def, offer, request, { kind: 'move', to: offer.element.id, who: row(call.actor.userId) })
    case 'suspend': return (await suspend(runtime, call, def, offer.instance, request.comment)) ? [] : TAKEN
    case 'resume': return (await resume(runtime, call, def, offer.instance, request.comment)) ? [] : TAKEN
    case undefined: throw new Error(`the button ${offer.id} is no move`)
  }
}

const noteOf = (offer: Offer, request: MoveRequest, more: string[] = []) => {
  const comment = [...more, ...(request.comment ? [request.comment] : [])].join('：')
  return { kind: 'move', instance: offer.instance.id, element: offer.element.id, outcome: offer.verb ?? '', ...(comment ? { comment } : {}) }
}

/** A task changes hands; whoever was faster keeps it. */
async function own(runtime: ProcessRuntime, call: Call, def: EntityDef, offer: Offer, request: MoveRequest, set: string, values: number[], still: string, said: string[] = []): Promise<Problem[]> {
  const done = await runtime.engine.db.run(`UPDATE tasks SET ${set} WHERE id = ? AND completed_at IS NULL AND ${still}`, [...values, Number(offer.task ?? 0)])
  if (done.changes === 0) return TAKEN
  await writeHistory(runtime.engine, call, [{ def, id: offer.instance.record, note: noteOf(offer, request, said) }])
  return []
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).flatMap((v) => (typeof v === 'string' && v !== '' ? [v] : []))

async function delegate(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, offer: Offer, request: MoveRequest): Promise<Problem[]> {
  const [wanted] = listOf(request.input?.['person'])
  if (wanted === undefined) return problem('REQUIRED', '请选择办理人', 'person')
  const person = (await candidatesFor(runtime, call, loader, def, offer)).find((p) => p.id === wanted)
  if (!person) return problem('NOT_ALLOWED', '所选人员不能办理此任务，请选择本机构具有相应角色的其他人员', 'person')
  const back = offer.move?.then === 'back'
  // nobody else took it meanwhile
  const still = '(assignee IS NULL OR assignee = ?) AND owner IS NULL'
  const { db } = runtime.engine
  const done = await db.run(`UPDATE tasks SET assignee = ?, owner = ?, claimed_at = ? WHERE id = ? AND completed_at IS NULL AND ${still}`,
    [Number(person.id), back ? Number(call.actor.userId) : null, isClaimable(offer.element) ? call.now : null, Number(offer.task ?? 0), Number(call.actor.userId)])
  if (done.changes === 0) return TAKEN
  await writeHistory(runtime.engine, call, [{ def, id: offer.instance.record, note: noteOf(offer, request, [person.name]) }])
  await tell(runtime, call, offer, [person.id], request.comment)
  return []
}

async function askToSign(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, offer: Offer, request: MoveRequest): Promise<Problem[]> {
  const wanted = [...new Set(listOf(request.input?.['people']))]
  if (wanted.length === 0) return problem('REQUIRED', '请选择加签人', 'people')
  const people = await candidatesFor(runtime, call, loader, def, offer)
  const chosen = wanted.flatMap((id) => people.find((p) => p.id === id) ?? [])
  if (chosen.length < wanted.length) return problem('NOT_ALLOWED', '所选人员不能加签，请选择本机构具有相应角色的其他人员', 'people')
  if (isClaimable(offer.element)) await runtime.engine.db.run('UPDATE tasks SET assignee = ?, claimed_at = ? WHERE id = ? AND assignee IS NULL', [Number(call.actor.userId), call.now, Number(offer.task ?? 0)])
  const refused = await put(runtime, call, def, offer, request, { kind: 'addSigners', token: offer.token, how: offer.verb === 'sign-after' ? 'after' : 'before', who: chosen.map((p) => row(p.id)) }, [chosen.map((p) => p.name).join('、')])
  if (refused.length === 0 && offer.verb === 'sign-before') await tell(runtime, call, offer, chosen.map((p) => p.id), request.comment)
  return refused
}

async function go(runtime: ProcessRuntime, call: Call, def: EntityDef, offer: Offer, request: MoveRequest): Promise<Problem[]> {
  const choices = offer.choices ?? []
  const wanted = listOf(request.input?.['to'])[0] ?? (choices.length === 1 ? choices[0]?.id : undefined)
  if (wanted === undefined) return problem('REQUIRED', '请选择目标步骤', 'to')
  const target = choices.find((c) => c.id === wanted)
  if (!target) return problem('NOT_ALLOWED', `不能到达所选步骤，可选：${choices.map((c) => c.title).join('、')}`, 'to')
  const last = isClaimable(offer.instance.process.compiled.elements[target.id] ?? offer.element) ? (await doneTasks(runtime, call, [offer.instance])).get(offer.instance.id)?.filter((t) => t.element === target.id && t.outcome !== null).at(-1)?.by : undefined
  return put(runtime, call, def, offer, request, { kind: 'move', to: target.id, ...(offer.verb === 'return' ? { token: offer.token } : {}), ...(last ? { who: row(last) } : {}) }, [target.title])
}

async function put(runtime: ProcessRuntime, call: Call, def: EntityDef, offer: Offer, request: MoveRequest, event: CoreEvent, said: string[] = []): Promise<Problem[]> {
  const [moved] = await advance(runtime, call, def, [{ instance: offer.instance, event, note: noteOf(offer, request, said) }])
  return moved?.refusal ? problem('CONFLICT', moved.refusal.person) : []
}

async function tell(runtime: ProcessRuntime, call: Call, offer: Offer, users: string[], comment: string | undefined): Promise<void> {
  const name = offer.element.name || offer.element.id
  await runtime.notify({ call, to: { users, roles: [], addresses: [] }, channels: ['portal'], title: `请您办理：${name}`, body: `${call.actor.name}请您办理“${name}”${comment ? `：${comment}` : ''}`, entity: offer.instance.entity, record: offer.instance.record, key: `${offer.instance.id}/${offer.id}/${String(offer.task)}/${call.now}` })
}
