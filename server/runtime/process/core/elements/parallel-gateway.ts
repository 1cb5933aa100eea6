import { complete } from '../leave.ts'
import { readNote, writeNote } from '../note.ts'
import { removeToken } from '../run.ts'
import type { ElementDoc, Enter } from './behaviour.ts'

export const doc: ElementDoc[] = [{
  tag: 'parallelGateway', name: 'parallel gateway', names: '并行网关',
  en: 'takes all flows; with several incoming, waits for **one token per incoming flow**', zh: '走所有连线；有多条入线时，等**每条入线各到一个令牌**',
}]

/**
 * Goes on when one token per incoming flow has come; a second one over the same flow queues for the next round, so a
 * branch that loops back and comes late is neither lost nor counted twice.
 */
export const enterParallelGateway: Enter = (run, token, el) => {
  const incoming = run.process.index.incoming[el.id] ?? []
  if (incoming.length < 2) return complete(run, token, token.names)
  token.note = writeNote('by', token.via)
  const waiting = run.tokens.filter(t => t.at === el.id && t.scope === token.scope)
  const round = incoming.map(flow => waiting.find(t => { const n = readNote(t.note); return n?.phase === 'by' && n.ref === flow }))
  if (round.some(t => t === undefined)) return
  for (const other of round) if (other && other !== token) removeToken(run, other)
  token.note = undefined
  complete(run, token, token.names)
}
