import { arm, disarm, kill, rootCatches } from './arm.ts'
import { scopeCatches, startCatches, tokenCatches, type Catch } from './catches.ts'
import { complete } from './leave.ts'
import { addToken, elementOf, flowsOf, type Names, type Run, type WorkToken } from './run.ts'
import type { ElementInfo } from './types.ts'

const tokenOf = (run: Run, id: number): WorkToken => {
  const token = run.tokens.find(t => t.id === id)
  if (!token) throw new Error(`process ${run.process.id}: event on token ${id}, which does not exist`)
  return token
}

/** One-shot events on the side fire once; a cycle goes on until its host leaves. */
const firesAgain = (c: Catch): boolean => c.event.event === 'message' || c.event.event === 'signal' || c.event.event === 'escalation' || c.event.timer?.kind === 'cycle'

export function fire(run: Run, c: Catch, names: Names): void {
  if (c.how === 'scope') return fireScope(run, c, names)
  if (c.how === 'start') {
    disarm(run, startCatches(run).filter(o => o.event.id !== c.event.id))
    return begin(run, c.event, names)
  }
  const token = tokenOf(run, c.token)
  if (c.how === 'direct') return completeFired(run, token, c, names)
  if (c.how === 'gateway') {
    disarm(run, tokenCatches(run, token).filter(o => o.event.id !== c.event.id))
    const flow = flowsOf(run, run.process.index.outgoing[token.at]).find(f => f.target === c.event.id)
    token.at = c.event.id
    token.note = 'by:fired'
    if (flow) token.via = flow.id
    return complete(run, token, names)
  }
  if (c.event.interrupting !== false) {
    const { scope } = token
    token.fired.push(c.event.id)
    kill(run, token)
    return complete(run, addToken(run, c.event.id, scope, names), names)
  }
  if (!firesAgain(c)) token.fired.push(c.event.id)
  complete(run, addToken(run, c.event.id, token.scope, names), names)
}

/** The first token, at a start event of the process. */
export function begin(run: Run, at: ElementInfo, names: Names): void {
  arm(run, rootCatches(run))
  complete(run, addToken(run, at.id, 0, {}), names)
}

function completeFired(run: Run, token: WorkToken, c: Catch, names: Names): void {
  // The timer that fires is used up: it is not cancelled.
  if (c.event.type === 'intermediateCatchEvent') token.note = 'by:fired'
  complete(run, token, names)
}

function fireScope(run: Run, c: Catch, names: Names): void {
  const sub = c.event.scope ?? ''
  const host = c.token === 0 ? undefined : tokenOf(run, c.token)
  if (c.event.interrupting !== false) {
    const open = scopeCatches(run, c.token, elementOf(run, sub).scope ?? '', host ? host.fired : run.rootFired)
    disarm(run, open.filter(o => o.event.id !== c.event.id))
    for (const token of run.tokens.filter(t => t.scope === c.token)) if (run.tokens.includes(token)) kill(run, token)
  } else if (!firesAgain(c)) (host ? host.fired : run.rootFired).push(c.event.id)
  const carrier = addToken(run, sub, c.token, {})
  arm(run, scopeCatches(run, carrier.id, sub, []))
  complete(run, addToken(run, c.event.id, carrier.id, names), names)
}
