import { tokenCatches } from '../catches.ts'
import { complete } from '../leave.ts'
import { readNote, writeNote } from '../note.ts'
import { elementOf, flowsOf, removeToken, type Run, type WorkToken } from '../run.ts'
import type { ElementDoc, Enter } from './behaviour.ts'

export const doc: ElementDoc[] = [{
  tag: 'inclusiveGateway', name: 'inclusive gateway', names: '包容网关',
  en: 'takes **every** flow whose condition holds, else the default flow; with several incoming, waits as long as a token that is still on its way can come over a flow that has none yet',
  zh: '走条件成立的**所有**连线，都不成立时走默认连线；有多条入线时，只要还有令牌可能从尚未到达的入线过来，就继续等待',
}]

/**
 * A split at once. A join only takes the token in: who else may still come shows when all other tokens rest
 * (BPMN 2.0.2, 13.4.3).
 */
export const enterInclusiveGateway: Enter = (run, token, el) => {
  if (!run.process.index.joins[el.id]) return complete(run, token, token.names)
  token.note = writeNote('by', token.via)
}

const arrivedBy = (token: WorkToken): string | null => { const n = readNote(token.note); return n?.phase === 'by' ? n.ref : null }

/** Boundary events that may still send a token on; a condition that has fired may fire again. */
const liveBoundaries = (run: Run, token: WorkToken): string[] => {
  const open = tokenCatches(run, token).filter(c => c.how === 'boundary').map(c => c.event.id)
  return [...open, ...token.fired.filter(id => elementOf(run, id).event === 'conditional')]
}

/** Can the token come over `flow` of `join` without passing the join? */
function comesOver(run: Run, token: WorkToken, join: string, flow: string, from: Set<string>): boolean {
  const over = (id: string, target: string): boolean => id === flow || (target !== join && from.has(target))
  const note = readNote(token.note)
  if (note?.phase === 'flow' || note?.phase === 'enter') {
    const on = run.process.flows[note.ref]
    return on ? over(on.id, on.target) : from.has(token.at)
  }
  if (note?.phase === 'by') return token.at !== join && from.has(token.at)
  const { outgoing, links } = run.process.index
  return flowsOf(run, outgoing[token.at]).some(f => over(f.id, f.target)) || from.has(links[token.at] ?? '') || liveBoundaries(run, token).some(id => from.has(id))
}

/** One token per flow that has one: the round to go on with, or null while somebody has to be waited for. */
function ready(run: Run, join: string, scope: number): WorkToken[] | null {
  const sources = run.process.index.joins[join] ?? {}
  const here = run.tokens.filter(t => t.scope === scope)
  const round = Object.keys(sources).flatMap(flow => here.find(t => t.at === join && arrivedBy(t) === flow) ?? [])
  const taken = new Set(round.map(arrivedBy))
  const reaches = (token: WorkToken, empty: boolean): boolean =>
    Object.entries(sources).some(([flow, from]) => taken.has(flow) !== empty && comesOver(run, token, join, flow, new Set(from)))
  // Whoever can also come over a flow that has a token does not hold the join up (13.4.3, iv to vi).
  const late = here.some(t => !(t.at === join && arrivedBy(t) !== null) && reaches(t, true) && !reaches(t, false))
  return late ? null : round
}

/** Lets the first join go on that waits for nobody any more; false when there is none. */
export function openJoin(run: Run): boolean {
  const waiting = run.tokens.filter(t => run.process.index.joins[t.at] && arrivedBy(t) !== null)
  const order = (t: WorkToken): number => run.process.index.ordinal[t.at] ?? 0
  // What this step has to write first is seen by the conditions behind a join: it opens with the next event, when that is done.
  const writes = run.effects.some(e => e.kind === 'apply' && e.wait)
  for (const { at, scope } of waiting.sort((a, b) => order(a) - order(b) || a.scope - b.scope)) {
    const round = writes && run.process.index.asks[at] ? null : ready(run, at, scope)
    if (!round) continue
    // What the last to come had said is seen by the conditions behind; the others' words are gone.
    const last = round.reduce((a, b) => (a.id > b.id ? a : b))
    for (const other of round) if (other !== last) removeToken(run, other)
    last.note = undefined
    complete(run, last, last.names)
    return true
  }
  return false
}
