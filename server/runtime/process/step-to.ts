import { isRefusal, sameLoops, step, waits, type CompiledProcess, type CoreEvent, type Evaluate, type State } from './core/index.ts'

/**
 * Breadth first over everything that could happen: the nearest state in which the process stands at a status, or null.
 * Conditions over the outside (operation results, conditional events) are taken both ways; those over outcomes and the record are asked.
 */
export function stepTo(process: CompiledProcess, from: State, status: string, evaluate: Evaluate, depth = 10): State | null {
  const conditional = new Set(Object.values(process.elements).flatMap((e) => (e.event === 'conditional' && e.condition ? [e.condition] : [])))
  const outside = /\b(output|made)\b/
  const variables = new Set(Object.values(process.elements).flatMap((e) => e.outputs.map((o) => o.name)))
  const open = (text: string) => outside.test(text) || [...variables].some((v) => new RegExp(`\\b${v}\\b`).test(text))
  const guess = (answer: boolean): Evaluate => (text, extra) => (conditional.has(text) ? true : open(text) ? answer : evaluate(text, extra))
  let front = [from]
  const seen = new Set([JSON.stringify(from.marking)])
  for (let i = 0; i < depth; i++) {
    const next: State[] = []
    for (const state of front) {
      for (const event of eventsOf(process, state)) {
        for (const answer of [true, false]) {
          const r = step(process, state, event, guess(answer))
          if (isRefusal(r)) continue
          const reached = { marking: r.state.marking, variables: sameLoops(from.variables, r.state) }
          if (r.effects.some((e) => e.kind === 'status' && e.value === status)) return reached
          const key = JSON.stringify(r.state.marking)
          if (!seen.has(key)) { seen.add(key); next.push(reached) }
        }
      }
    }
    front = next
  }
  return null
}

function eventsOf(process: CompiledProcess, state: State): CoreEvent[] {
  const own = waits(process, state).flatMap((w): CoreEvent[] => {
    if (w.kind === 'task') return process.elements[w.element]!.outcomes.map((o) => ({ kind: 'outcome', token: w.token, outcome: o.id, input: {} }))
    if (w.kind === 'message') return [{ kind: 'message', name: w.name, token: w.token, input: {} }]
    if (w.kind === 'effect') return [{ kind: 'effectDone', token: w.token }]
    if (w.kind === 'operation') return [{ kind: 'operationResult', token: w.token, output: {} }]
    if (w.kind === 'signal') return [{ kind: 'signal', name: w.name }]
    if (w.kind === 'timer') return [{ kind: 'timer', token: w.token, element: w.element }]
    return []
  })
  return [...own, { kind: 'changed' }]
}
