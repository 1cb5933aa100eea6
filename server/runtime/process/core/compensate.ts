import { complete } from './leave.ts'
import { writeNote } from './note.ts'
import { addToken, elementOf, schedule, type Run, type WorkToken } from './run.ts'
import type { ElementInfo } from './types.ts'
import { inReverse } from './undo-state.ts'

/** Scopes whose completed activities an event may compensate: its own, and that around an event sub-process. */
function scopesOf(run: Run, token: WorkToken): Set<number> {
  const scopes = new Set([token.scope])
  for (let host = run.tokens.find(t => t.id === token.scope); host && elementOf(run, host.at).type === 'eventSubProcess'; host = run.tokens.find(t => t.id === host?.scope)) scopes.add(host.scope)
  return scopes
}

/** Compensates what is over in the scope, the last one first, or the one activity it names; the token waits until the handlers are done. */
export function throwCompensation(run: Run, token: WorkToken, el: ElementInfo): void {
  const scopes = scopesOf(run, token)
  const meant = run.undo.filter(u => scopes.has(u.scope) && (el.activityRef === undefined || u.at === el.activityRef))
  run.undo = run.undo.filter(u => !meant.includes(u))
  token.undoing = { now: null, rest: inReverse(meant) }
  token.note = writeNote('undo')
  compensateNext(run, token)
}

export function compensateNext(run: Run, token: WorkToken): void {
  const [now, ...rest] = token.undoing?.rest ?? []
  if (now?.handler === undefined) {
    token.undoing = undefined
    // what the handlers did is not undone in its turn
    run.undo = run.undo.filter(u => u.scope !== token.id)
    return complete(run, token, token.names)
  }
  token.undoing = { now, rest }
  schedule(run, addToken(run, now.handler, token.id, now.names ?? {}))
}
