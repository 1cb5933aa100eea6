import { scopeCatches, tokenCatches, type Catch } from './catches.ts'
import { fire } from './fire.ts'
import { consume, leave } from './leave.ts'
import { stick, writeNote } from './note.ts'
import { elementOf, incident, type Run, type WorkToken } from './run.ts'

const catcherOn = (run: Run, host: WorkToken, code: string): string | undefined => {
  if (host.nth !== undefined) return undefined
  const events = (run.process.index.boundaries[host.at] ?? []).map(id => elementOf(run, id)).filter(e => e.event === 'error')
  return (events.find(e => e.errorCode === code) ?? events.find(e => e.errorCode === undefined))?.id
}

/** Hands the error to the nearest that catches it, outwards: the boundary of what failed, the event sub-process around it, and so on; false when nobody does. */
export function raise(run: Run, from: WorkToken, error: { code: string; message: string }): boolean {
  for (let inner: WorkToken | undefined = from; inner; ) {
    const event = catcherOn(run, inner, error.code)
    if (event !== undefined) { fire(run, { token: inner.id, event: elementOf(run, event), how: 'boundary' }, { error }); return true }
    const { scope }: WorkToken = inner
    const host: WorkToken | undefined = run.tokens.find(t => t.id === scope)
    const heard = scopeEars(run, inner, from, host).filter(c => c.event.event === 'error')
    const ear = heard.find(c => c.event.errorCode === error.code) ?? heard.find(c => c.event.errorCode === undefined)
    if (ear) { fire(run, ear, { error }); return true }
    inner = host
  }
  return false
}

/** Event sub-processes of the scope that `inner` stands in. None hears itself: what it throws belongs to the scope around the one it watches. */
function scopeEars(run: Run, inner: WorkToken, from: WorkToken, host: WorkToken | undefined): Catch[] {
  if (host?.note === 'loop' || (inner !== from && elementOf(run, inner.at).type === 'eventSubProcess')) return []
  return scopeCatches(run, inner.scope, host?.at ?? '', host ? host.fired : run.rootFired)
}

/** A token at an error end, an escalation end or a throwing escalation event. */
export const raiseAt = (run: Run, token: WorkToken): void => (elementOf(run, token.at).event === 'error' ? raiseError(run, token) : raiseEscalation(run, token))

/** An error end event; uncaught it is an incident, for a process that fails must not look finished. */
function raiseError(run: Run, token: WorkToken): void {
  const el = elementOf(run, token.at)
  const code = el.errorCode ?? ''
  if (raise(run, token, { code, message: el.name })) return
  token.note = stick(writeNote('leave'))
  incident(run, token, 'uncaughtError', `${el.id}: error "${code}" is caught by nothing; draw one on the enclosing sub-process, or an event sub-process that begins by it`, `“${el.name || el.id}”抛出的错误没有处理步骤，请联系管理员`)
}

/** An escalation tells, it does not fail: unless its catcher interrupts, the token that threw it goes on. */
function raiseEscalation(run: Run, token: WorkToken): void {
  const el = elementOf(run, token.at)
  const code = el.escalationCode ?? ''
  const caught = catcherOf(run, token, code)
  if (caught) fire(run, caught, {})
  else run.effects.push({ kind: 'uncaughtEscalation', element: el.id, code })
  if (!run.tokens.includes(token)) return
  if (el.type === 'endEvent') consume(run, token, true)
  else leave(run, token, true)
}

/** The nearest scope's event sub-process, else the boundary of that scope's host, and so on outwards. */
function catcherOf(run: Run, from: WorkToken, code: string): Catch | undefined {
  for (let inner = from; ;) {
    const host = run.tokens.find(t => t.id === inner.scope)
    const open = [
      scopeEars(run, inner, from, host),
      host ? tokenCatches(run, host).filter(c => c.how === 'boundary') : [],
    ]
    for (const level of open) {
      const heard = level.filter(c => c.event.event === 'escalation')
      const one = heard.find(c => c.event.escalationCode === code) ?? heard.find(c => c.event.escalationCode === undefined)
      if (one) return one
    }
    if (!host) return undefined
    inner = host
  }
}
