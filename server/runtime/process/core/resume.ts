import { allCatches, type Catch } from './catches.ts'
import { callOperation, failOperation, takeOutput } from './elements/service-task.ts'
import { fire } from './fire.ts'
import { arrive, complete, cross, leave, runOwnEffects } from './leave.ts'
import { withoutLoopNames } from './loop-state.ts'
import { readNote, type Note } from './note.ts'
import { raise } from './raise.ts'
import { refusals } from './refusals.ts'
import { askAfter, signedTask, takeSign } from './sign.ts'
import { hasActed, noteActor } from './loop.ts'
import { ask, elementOf, moveOn, schedule, type Names, type Run, type WorkToken } from './run.ts'
import { conditionHolds } from './settle.ts'
import type { CoreEvent, StepRefusal } from './types.ts'

type Of<K extends CoreEvent['kind']> = Extract<CoreEvent, { kind: K }>
const tokenAt = (run: Run, id: number): WorkToken | undefined => run.tokens.find(t => t.id === id)
const inputNames = (input: Names | undefined): Names => (input ? { input } : {})

export function takeOutcome(run: Run, event: Of<'outcome'>): StepRefusal | null {
  const token = tokenAt(run, event.token)
  const el = token && elementOf(run, token.at)
  if (!token || !el || el.type !== 'userTask' || token.note) return refusals.unknownToken(run.process, event.token, 'waits for an outcome')
  const signs = signedTask(run, token)
  if (signs) return takeSign(run, token, signs, event)
  const outcome = el.outcomes.find(o => o.id === event.outcome)
  if (!outcome) return refusals.unknownOutcome(run.process, el.id, event.outcome, el.outcomes.map(o => o.id))
  const names = { outcome: event.outcome, ...inputNames(event.input) }
  if (hasActed(run, token, el, event.by)) return refusals.notAvailable(run.process, el.id, outcome.id, 'distinct')
  if (outcome.when !== undefined) {
    token.names = names
    if (ask(run, token, outcome.when) !== true) return refusals.notAvailable(run.process, el.id, outcome.id, outcome.when)
  }
  run.effects.push({ kind: 'completeTask', token: token.id, element: el.id, outcome: outcome.id })
  noteActor(run, token, event.by)
  if (!askAfter(run, token, event)) complete(run, token, names)
  return null
}

const waitsFor = (kind: 'message' | 'signal', name: string) => (c: Catch): boolean => c.event.event === kind && c.event[kind] === name

export function takeMessage(run: Run, event: Of<'message'>): StepRefusal | null {
  const found = allCatches(run).find(c => waitsFor('message', event.name)(c) && (event.token === undefined || c.token === event.token))
  if (!found) return refusals.noCatcher(run.process, `message "${event.name}"`)
  fire(run, found, inputNames(event.input))
  return null
}

/** Everyone who listens hears it, unless an earlier listener's event took him away. */
export function takeSignal(run: Run, event: Of<'signal'>): null {
  for (const heard of allCatches(run).filter(waitsFor('signal', event.name)))
    if (allCatches(run).some(c => c.token === heard.token && c.event.id === heard.event.id)) fire(run, heard, inputNames(event.input))
  return null
}

export function takeTimer(run: Run, event: Of<'timer'>): StepRefusal | null {
  const found = allCatches(run).find(c => c.token === event.token && c.event.id === event.element && c.event.event === 'timer')
  if (!found) return refusals.noCatcher(run.process, `timer "${event.element}" of token ${event.token}`)
  fire(run, found, {})
  return null
}

/** A condition that has fired on the side listens again once it has been false. */
export function takeChanged(run: Run): null {
  const rearm = (fired: string[], token: number): string[] =>
    fired.filter(id => run.process.elements[id]?.event !== 'conditional' || conditionHolds(run, token, run.process.elements[id]?.condition))
  run.rootFired = rearm(run.rootFired, 0)
  for (const token of run.tokens) token.fired = rearm(token.fired, token.id)
  for (const c of allCatches(run)) if (c.event.event === 'conditional') run.checks.push({ token: c.token, element: c.event.id })
  return null
}

export function takeOperationResult(run: Run, event: Of<'operationResult'>): StepRefusal | null {
  const token = tokenAt(run, event.token)
  const note = readNote(token?.note)
  const el = token && elementOf(run, token.at)
  if (token && el && event.error && (note?.phase === 'done' || note?.phase === 'flow')) {
    if (!note.stuck) token.note = `!${token.note}`
    run.effects.push({ kind: 'incident', token: token.id, element: note.ref || el.id, code: event.error.code, message: `${note.ref || el.id}: its effects failed: ${event.error.message}; mend the cause, then retry`, person: `“${el.name || el.id}”的数据处理失败，请排除原因后重试` })
    return null
  }
  if (!token || !el || el.type !== 'serviceTask' || (note && note.phase !== 'failed')) return refusals.unknownToken(run.process, event.token, 'waits for an operation')
  if (!event.error) { token.note = undefined; takeOutput(run, token, el, event.output ?? {}); return null }
  if (!raise(run, token, event.error)) failOperation(run, token, el, event.error)
  return null
}

const restore = (token: WorkToken, note: Note, names: Names = {}): void => { token.names = { ...(note.outcome ? { outcome: note.outcome } : {}), ...names } }

export function takeEffectDone(run: Run, event: Of<'effectDone'>): StepRefusal | null {
  const token = tokenAt(run, event.token)
  const note = readNote(token?.note)
  if (!token || !note || (note.phase !== 'done' && note.phase !== 'flow')) return refusals.unknownToken(run.process, event.token, 'waits for effects')
  restore(token, note, { ...withoutLoopNames(event.names ?? {}), ...(event.result ? { made: event.result } : {}) })
  const flow = run.process.flows[note.ref]
  moveOn(run, token)
  if (note.phase === 'flow' && flow) arrive(run, token, flow)
  else leave(run, token)
  return null
}

/** Does again what led to the incident. */
export function takeRetry(run: Run, event: Of<'retry'>): StepRefusal | null {
  const token = tokenAt(run, event.token)
  const note = readNote(token?.note)
  if (!token || !note?.stuck) return refusals.unknownToken(run.process, event.token, 'has an incident')
  const el = elementOf(run, token.at)
  if (note.phase === 'failed') { token.note = undefined; callOperation(run, token, el); return null }
  moveOn(run, token)
  restore(token, note)
  const flow = run.process.flows[note.ref]
  if (note.phase === 'enter') { token.via = note.ref; schedule(run, token) }
  else if (note.phase === 'flow' && flow) cross(run, token, flow)
  else if (note.phase === 'done') runOwnEffects(run, token)
  else leave(run, token, el.type === 'intermediateThrowEvent')
  return null
}
