import { removeToken, addToken, elementOf, type Names, type Run, type WorkToken } from './run.ts'
import { kill } from './arm.ts'
import { complete } from './leave.ts'
import { writeNote } from './note.ts'
import { refusals } from './refusals.ts'
import type { Sign } from './sign-state.ts'
import type { CoreEvent, StepRefusal } from './types.ts'

type Of<K extends CoreEvent['kind']> = Extract<CoreEvent, { kind: K }>
export const SIGNS = ['agree', 'disagree'] as const

/** The task that a token is one signature of. */
export const signedTask = (run: Run, token: WorkToken): WorkToken | undefined => {
  const host = token.nth === undefined ? undefined : run.tokens.find(t => t.id === token.scope)
  return host?.signing?.how ? host : undefined
}

/** Further people sign: before, the task waits for all of them; after, they are asked once its outcome is taken. */
export function takeSigners(run: Run, event: Of<'addSigners'>): StepRefusal | null {
  const token = run.tokens.find(t => t.id === event.token)
  if (!token || elementOf(run, token.at).type !== 'userTask' || token.note !== undefined || signedTask(run, token)) return refusals.unknownToken(run.process, event.token, 'is a task that others may sign')
  const before = token.signing ?? { asked: [], done: [], after: [] }
  if (event.how === 'after') { token.signing = { ...before, after: [...before.after, ...event.who] }; return null }
  token.signing = { ...before, how: 'before', asked: event.who }
  openRound(run, token, event.who)
  return null
}

function openRound(run: Run, token: WorkToken, who: unknown[]): void {
  token.note = writeNote('sign')
  who.forEach((person, nth) => {
    const one = addToken(run, token.at, token.id, {})
    one.nth = nth
    run.effects.push({ kind: 'createTask', token: one.id, element: token.at, who: person })
  })
}

/** The outcome is taken, and others sign it before it counts; true when there are such. */
export function askAfter(run: Run, token: WorkToken, event: Of<'outcome'>): boolean {
  const { signing } = token
  if (!signing || signing.after.length === 0) return false
  token.signing = { how: 'after', asked: signing.after, done: signing.done, after: [], held: { outcome: event.outcome, ...(event.by === undefined ? {} : { by: event.by }), ...(event.raw === undefined ? {} : { input: event.raw }) } }
  openRound(run, token, signing.after)
  return true
}

/** One signature. The last one lets the task go on; who disagrees with an outcome gives the task back to who took it. */
export function takeSign(run: Run, token: WorkToken, task: WorkToken, event: Of<'outcome'>): StepRefusal | null {
  const el = elementOf(run, token.at)
  const outcome = SIGNS.find(s => s === event.outcome)
  const { signing } = task
  if (!outcome || !signing) return refusals.unknownOutcome(run.process, el.id, event.outcome, [...SIGNS])
  const sign: Sign = { by: event.by ?? signing.asked[token.nth ?? 0] ?? null, outcome }
  run.effects.push({ kind: 'completeTask', token: token.id, element: el.id, outcome })
  removeToken(run, token)
  task.signing = { ...signing, done: [...signing.done, sign] }
  const others = run.tokens.filter(t => t.scope === task.id)
  if (signing.how === 'after' && outcome === 'disagree') return giveBack(run, task, others)
  if (others.length > 0) return null
  const { how, asked: _, held, ...rest } = task.signing
  task.signing = { ...rest, asked: [] }
  task.note = undefined
  if (how === 'after' && held) {
    const names: Names = { outcome: held.outcome, ...(event.held ? { input: event.held } : {}) }
    complete(run, task, names)
  }
  return null
}

function giveBack(run: Run, task: WorkToken, others: WorkToken[]): null {
  for (const other of others) kill(run, other)
  const { held, done } = task.signing ?? { done: [] }
  task.signing = { asked: [], done, after: [] }
  task.note = undefined
  run.effects.push({ kind: 'createTask', token: task.id, element: task.at, ...(held?.by === undefined ? {} : { who: held.by }) })
  return null
}
