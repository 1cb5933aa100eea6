import { isOneOf } from '#server/runtime/access/index.ts'
import type { Call } from '../../context.ts'
import { canBePutAt, isRefusal, SIGNS, step, type CompiledProcess, type ElementInfo, type Evaluate, type MoveDef, type Wait } from '../core/index.ts'
import type { Instance } from '../store/instances.store.ts'
import type { DoneTask } from './done-tasks.ts'
import { mayWork } from './may-work.ts'
import { labelOfMove, type Verb } from './move-defs.ts'
import type { Offer, TaskHolder } from './offers.ts'
import { sideBySide } from './withdrawable.ts'

/** One open task as the person finds it. */
export interface AtTask { instance: Instance; token: number; el: ElementInfo; names: Record<string, unknown>; held: TaskHolder | undefined; done: DoneTask[]; barred: string | null }

const offer = (verb: Verb, lang: string, at: { instance: Instance; token: number; el: ElementInfo; names: Record<string, unknown> }, more: Partial<Offer> & { move?: MoveDef }): Offer => ({
  id: more.move && more.move.do === verb ? more.move.id : verb, kind: 'move', verb, title: labelOfMove(verb, lang, more.move), style: 'default', comment: more.move?.comment ?? 'optional', signature: false,
  instance: at.instance, token: at.token, element: at.el, names: at.names, reasons: [], ...(more.move?.confirm ? { confirm: more.move.confirm } : {}), ...more,
})

const SIGN_LABELS: Record<(typeof SIGNS)[number], [string, string]> = { agree: ['同意', 'Agree'], disagree: ['不同意', 'Disagree'] }
/** Whoever was asked to sign agrees or does not. */
export const signatureOffers = (at: AtTask, lang: string): Offer[] => SIGNS.map((id) => ({
  id, kind: 'outcome', title: SIGN_LABELS[id][lang === 'en' ? 1 : 0], style: id === 'agree' ? 'primary' : 'danger', comment: id === 'agree' ? 'optional' : 'required', signature: false,
  instance: at.instance, token: at.token, element: { ...at.el, edit: [], draft: false }, names: at.names, reasons: [],
}))

/** What the person may do with an open task besides its outcomes. */
export function taskMoves(call: Call, at: AtTask, evaluate: Evaluate): Offer[] {
  const { el, held, instance } = at
  const { lang, userId } = call.actor
  const task = held ? { task: held.id } : {}
  if (held?.owner) return [offer('give-back', lang, at, { ...task, style: 'primary' })]
  return (el.moves ?? []).flatMap((move): Offer[] => {
    if (move.do === 'withdraw' || (move.role?.length && !isOneOf(call.programme, call.actor.role, move.role))) return []
    if (move.when !== undefined && evaluate(move.when, at.names) !== true) return []
    const reasons = at.barred === null ? [] : [at.barred]
    if (move.do === 'claim') {
      if (held?.assignee === userId) return held.claimed ? [offer('release', lang, at, { ...task, move, comment: 'none' })] : []
      return held?.assignee ? [] : [offer('claim', lang, at, { ...task, move, reasons })]
    }
    if (move.do === 'return') {
      const choices = returnTargets(at, move, evaluate)
      return choices.length === 0 ? [] : [offer('return', lang, at, { ...task, move, choices, reasons })]
    }
    return instance.ended ? [] : [offer(move.do, lang, at, { ...task, move, reasons })]
  })
}

/** Earlier tasks to which the token can go back from here, the latest first. */
function returnTargets(at: AtTask, move: MoveDef, evaluate: Evaluate): { id: string; title: string }[] {
  const { instance, el, done, token } = at
  const { compiled } = instance.process
  const taken = done.filter((t) => t.outcome !== null).map((t) => t.element)
  const wanted = (move.to ?? []).flatMap((to) => (to === '*' ? [...taken].reverse() : to === 'initiator' ? taken.slice(0, 1) : taken.includes(to) ? [to] : []))
  return [...new Set(wanted)].filter((to) => to !== el.id && !isRefusal(step(compiled, instance.state, { kind: 'move', to, token }, evaluate))).map((to) => ({ id: to, title: compiled.elements[to]?.name || to }))
}

interface AtInstance { instance: Instance; done: DoneTask[]; open: Wait[]; holders: Map<string, TaskHolder> }
/** What concerns the instance: taking back what one has done, and what administrators may do. */
export function instanceMoves(call: Call, at: AtInstance, evaluate: Evaluate): Offer[] {
  const { instance } = at
  const { compiled } = instance.process
  const out = withdrawals(call, at, evaluate)
  for (const move of compiled.moves ?? []) {
    if (!move.role?.length || !isOneOf(call.programme, call.actor.role, move.role) || (move.when !== undefined && evaluate(move.when, {}) !== true)) continue
    const el = compiled.elements[instance.state.marking.tokens[0]?.at ?? ''] ?? Object.values(compiled.elements)[0]
    if (!el) continue
    const where = { instance, token: 0, el, names: {} }
    if (move.do === 'suspend') out.push(offer(instance.suspended ? 'resume' : 'suspend', call.actor.lang, where, { move, ...(instance.suspended ? { comment: 'optional' } : {}) }))
    else {
      const choices = jumpTargets(instance, move, evaluate)
      if (choices.length > 0) out.push(offer('jump', call.actor.lang, where, { move, choices }))
    }
  }
  return out
}

function jumpTargets(instance: Instance, move: MoveDef, evaluate: Evaluate): { id: string; title: string }[] {
  const { compiled, } = instance.process
  const all = move.to === undefined || move.to.includes('*')
  return Object.values(compiled.elements)
    .filter((e) => (all ? !e.type.endsWith('Gateway') : move.to?.includes(e.id)) && canBePutAt(compiled, e) && !instance.state.marking.tokens.every((t) => t.at === e.id))
    .filter((e) => !isRefusal(step(compiled, instance.state, { kind: 'move', to: e.id }, evaluate)))
    .map((e) => ({ id: e.id, title: e.name || e.id }))
}

const known = new WeakMap<CompiledProcess, { el: ElementInfo; move: MoveDef }[]>()
/** Tasks whose outcome may be taken back. */
function withdrawable(compiled: CompiledProcess): { el: ElementInfo; move: MoveDef }[] {
  let found = known.get(compiled)
  if (!found) known.set(compiled, (found = Object.values(compiled.elements).flatMap((el) => (el.moves ?? []).filter((m) => m.do === 'withdraw').slice(0, 1).map((move) => ({ el, move })))))
  return found
}

/** Tasks that this person did last and may take back: nobody has acted after it. */
function withdrawals(call: Call, at: AtInstance, evaluate: Evaluate): Offer[] {
  const { instance, done, open, holders } = at
  const { compiled } = instance.process
  return withdrawable(compiled).flatMap(({ el, move }): Offer[] => {
    if (move.role?.length && !isOneOf(call.programme, call.actor.role, move.role)) return []
    const mine = done.filter((t) => t.element === el.id && t.outcome !== null).at(-1)
    if (!mine || mine.by !== call.actor.userId || !mayWork(call, el, mine.org)) return []
    const later = (element: string): boolean => element === el.id || !sideBySide(compiled, el.id, element)
    if (done.some((t) => t.id > mine.id && later(t.element)) || instance.state.marking.tokens.some((t) => t.at === el.id)) return []
    if (move.when !== undefined && evaluate(move.when, {}) !== true) return []
    if (isRefusal(step(compiled, instance.state, { kind: 'move', to: el.id }, evaluate))) return []
    const taken = open.some((w) => w.kind === 'task' && later(w.element) && holders.get(`${instance.id}|${w.token}|${w.element}`)?.claimed)
    return [offer('withdraw', call.actor.lang, { instance, token: 0, el, names: {} }, { move, reasons: taken ? ['下一步已有人认领办理，不能撤回'] : [] })]
  })
}
