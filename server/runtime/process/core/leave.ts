import { disarm, disarmToken, kill, rootCatches } from './arm.ts'
import { interrupts } from './catches.ts'
import { chooseFlows } from './choose.ts'
import { reachesBeyond } from './indexes.ts'
import { stick, writeNote } from './note.ts'
import { addToken, elementOf, incident, loopNames, moveOn, namesAt, removeToken, schedule, type Names, type Run, type WorkToken } from './run.ts'
import type { EffectDef, FlowInfo } from './types.ts'

const outcomeOf = (token: WorkToken): string => (typeof token.names.outcome === 'string' ? token.names.outcome : '')

/** Emits the effects; true when the token has to wait for them. */
function applies(run: Run, token: WorkToken, element: string, effects: EffectDef[]): boolean {
  if (effects.length === 0) return false
  const wait = reachesBeyond(effects) || run.process.index.asks[element] === true
  run.effects.push({ kind: 'apply', element, token: wait ? token.id : 0, wait, names: namesAt(run, token) })
  return wait
}

/** Notes an activity with a compensation handler, or a scope in which there were such, as over. */
function noteDone(run: Run, token: WorkToken): void {
  const inner = run.undo.filter(u => u.scope === token.id)
  const handler = run.process.index.undo[token.at]
  if (inner.length === 0 && handler === undefined) return
  const names = loopNames(run, token)
  const scope = token.nth === undefined ? token.scope : run.tokens.find(t => t.id === token.scope)?.scope ?? token.scope
  const entry = { at: token.at, scope, ...(handler === undefined ? {} : { handler }), ...(inner.length > 0 ? { inner } : {}), ...(Object.keys(names).length > 0 ? { names } : {}) }
  run.undo = [...run.undo.filter(u => u.scope !== token.id), entry]
}

/** The element has done its work: boundaries fall, its effects run, the token goes on. */
export function complete(run: Run, token: WorkToken, names: Names): void {
  disarmToken(run, token)
  noteDone(run, token)
  moveOn(run, token)
  token.names = names
  runOwnEffects(run, token)
}

export function runOwnEffects(run: Run, token: WorkToken): void {
  const el = elementOf(run, token.at)
  if (applies(run, token, el.id, el.effects)) token.note = writeNote('done', '', outcomeOf(token))
  else leave(run, token)
}

/**
 * Takes the outgoing flows, or stays with an incident when none may be taken. A link goes on at its other end, an
 * escalation is first raised (`raised`: it has been).
 */
export function leave(run: Run, token: WorkToken, raised = false): void {
  if (token.nth !== undefined) { run.runs.push(token); return }
  const el = elementOf(run, token.at)
  if (el.type === 'intermediateThrowEvent' && el.event === 'escalation' && !raised) { token.note = undefined; run.raised.push(token); return }
  const link = run.process.index.links[el.id]
  if (link !== undefined) return jump(run, token, link)
  const choice = chooseFlows(run, token, el)
  if ('stuck' in choice) {
    token.note = stick(writeNote('leave', '', outcomeOf(token)))
    incident(run, token, choice.stuck, choice.message, choice.person)
    return
  }
  token.note = undefined
  if (choice.flows.length === 0) return consume(run, token)
  const tokens = choice.flows.map((_, i) => (i === 0 ? token : addToken(run, token.at, token.scope, token.names)))
  choice.flows.forEach((flow, i) => { const t = tokens[i]; if (t) cross(run, t, flow) })
}

export function cross(run: Run, token: WorkToken, flow: FlowInfo): void {
  if (applies(run, token, flow.id, flow.effects)) token.note = writeNote('flow', flow.id, outcomeOf(token))
  else arrive(run, token, flow)
}

export function arrive(run: Run, token: WorkToken, flow: FlowInfo): void {
  token.note = undefined
  token.signing = undefined
  token.at = flow.target
  token.via = flow.id
  schedule(run, token)
}

function jump(run: Run, token: WorkToken, to: string): void {
  token.note = undefined
  token.signing = undefined
  token.via = undefined
  token.at = to
  schedule(run, token)
}

/** The token's way is over; its scope may be, too. A terminate end takes the rest of the scope along. */
export function consume(run: Run, token: WorkToken, raised = false): void {
  const el = elementOf(run, token.at)
  if (el.type === 'endEvent' && (el.event === 'error' || el.event === 'escalation') && !raised) { run.raised.push(token); return }
  run.lastElement = token.at
  removeToken(run, token)
  if (el.type === 'endEvent' && el.event === 'terminate') {
    for (const other of run.tokens.filter(t => t.scope === token.scope)) if (run.tokens.includes(other)) kill(run, other)
  }
  closeScope(run, token.scope)
}

/** A scope without tokens is done: its sub-process goes on, an event sub-process is over, the process has ended. */
export function closeScope(run: Run, scope: number): void {
  if (run.tokens.some(t => t.scope === scope)) return
  if (scope === 0) {
    disarm(run, rootCatches(run))
    run.ended = true
    return
  }
  const host = run.tokens.find(t => t.id === scope)
  if (!host) return
  if (host.note === 'undo') { run.runs.push(host); return }
  const el = elementOf(run, host.at)
  if (el.type === 'eventSubProcess') { disarmToken(run, host); noteDone(run, host); endListening(run, host); consume(run, host) } else complete(run, host, {})
}

/** One that interrupted its scope has used up or cancelled all that the scope listened for: what ends now cancels nothing twice. */
function endListening(run: Run, carrier: WorkToken): void {
  if (!interrupts(run, carrier.at)) return
  const around = run.tokens.find(t => t.id === carrier.scope)
  ;(around ? around.fired : run.rootFired).push(...(run.process.index.eventStarts[elementOf(run, carrier.at).scope ?? ''] ?? []))
}
