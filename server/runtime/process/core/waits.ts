import { allCatches } from './catches.ts'
import { elementOf } from './run.ts'
import { readNote } from './note.ts'
import type { CompiledProcess, Evaluate, OutcomeDef, State, Wait } from './types.ts'

const KINDS = { message: 'message', timer: 'timer', signal: 'signal', conditional: 'conditional' } as const

/** Everything the instance waits for now, in the order in which an event looks for its catcher. */
export function waits(process: CompiledProcess, state: State): Wait[] {
  const { marking } = state
  if (marking.ended) return []
  const firedAt = (id: number): string[] => (marking.fired ?? []).filter(f => f.token === id).map(f => f.element)
  const held = { process, tokens: marking.tokens.map(t => ({ ...t, fired: firedAt(t.id) })), rootFired: firedAt(0) }
  const own: Wait[] = []
  for (const token of marking.tokens) {
    const el = elementOf(held, token.at)
    const note = readNote(token.note)
    if (el.type === 'userTask' && !note) own.push({ token: token.id, element: el.id, kind: 'task', name: el.name })
    if (el.type === 'serviceTask' && (!note || note.phase === 'failed')) own.push({ token: token.id, element: el.id, kind: 'operation', name: el.operation ?? '' })
    if (note && !note.stuck && (note.phase === 'done' || note.phase === 'flow'))
      own.push({ token: token.id, element: note.phase === 'flow' ? note.ref : el.id, kind: 'effect', name: el.name })
  }
  const caught = allCatches(held).flatMap(({ token, event }): Wait[] => {
    const kind = KINDS[event.event as keyof typeof KINDS]
    return kind ? [{ token, element: event.id, kind, name: event.message ?? event.signal ?? event.name }] : []
  })
  return [...own, ...caught]
}

/** Outcomes of a task that exist for the person `evaluate` sees as `user`: `when` holds or is not given. */
export function availableOutcomes(process: CompiledProcess, element: string, evaluate: Evaluate, variables: Record<string, unknown> = {}): OutcomeDef[] {
  const outcomes = process.elements[element]?.outcomes ?? []
  return outcomes.filter(o => o.when === undefined || evaluate(o.when, { ...variables, outcome: o.id }) === true)
}

/** Tokens with an open incident: where and in which phase; `retry` tries again. */
export function incidents(state: State): { token: number; at: string; phase: string }[] {
  return state.marking.tokens.flatMap(t => { const n = readNote(t.note); return n?.stuck ? [{ token: t.id, at: t.at, phase: n.phase }] : [] })
}
