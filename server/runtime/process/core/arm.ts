import { allCatches, scopeCatches, tokenCatches, type Catch } from './catches.ts'
import { elementOf, removeToken, type Run, type WorkToken } from './run.ts'
import { readNote } from './note.ts'

/** Timers are armed, conditions put down to be checked when the step has come to rest. */
export function arm(run: Run, catches: Catch[]): void {
  for (const c of catches) {
    if (c.event.event === 'timer' && c.event.timer)
      run.effects.push({ kind: 'armTimer', token: c.token, element: c.event.id, timer: c.event.timer.kind, expr: c.event.timer.expr })
    if (c.event.event === 'conditional') run.checks.push({ token: c.token, element: c.event.id })
  }
}

export function disarm(run: Run, catches: Catch[]): void {
  for (const c of catches) if (c.event.event === 'timer') run.effects.push({ kind: 'cancelTimer', token: c.token, element: c.event.id })
}

export const armToken = (run: Run, token: WorkToken): void => arm(run, tokenCatches(run, token))
export const disarmToken = (run: Run, token: WorkToken): void => disarm(run, tokenCatches(run, token))
export const rootCatches = (run: Run): Catch[] => scopeCatches(run, 0, '', run.rootFired)

/** Takes the token and everything inside it away; what waited for it is told. */
export function kill(run: Run, token: WorkToken): void {
  const el = elementOf(run, token.at)
  const note = readNote(token.note)
  disarmToken(run, token)
  for (const inner of run.tokens.filter(t => t.scope === token.id)) kill(run, inner)
  if (note?.phase === 'done' || note?.phase === 'flow')
    run.effects.push({ kind: 'abandon', token: token.id, element: note.phase === 'flow' ? note.ref : token.at, what: 'effect' })
  else if (el.type === 'serviceTask' && note?.phase !== 'leave' && note?.phase !== 'enter' && note?.phase !== 'loop')
    run.effects.push({ kind: 'abandon', token: token.id, element: el.id, what: 'operation' })
  else if (el.type === 'userTask' && (note === null || (note.phase === 'sign' && !token.signing?.held))) run.effects.push({ kind: 'cancelTask', token: token.id, element: el.id })
  if (note?.stuck) run.effects.push({ kind: 'dropIncident', token: token.id, element: note.phase === 'flow' ? note.ref : token.at })
  removeToken(run, token)
}

export const listening = (run: Run): Catch[] => allCatches(run)
