import { compileCached, type FeelValue, type Model } from '#server/runtime/expressions/index.ts'
import { incidents, isRefusal, step, waits, type CompiledProcess, type CoreEvent, type Evaluate, type State } from '#server/runtime/process/core/index.ts'
import { asFeel } from '#server/runtime/process/store/evaluate.ts'
import type { TrailEvent } from '#server/runtime/records/index.ts'

const NOTHING: Model = { entity: () => undefined, rule: () => undefined }
export type Told = Pick<TrailEvent, 'kind' | 'element' | 'outcome' | 'comment'>

/** What the process asks while it is replayed: names are those of the event; a condition held when history says it fired. */
const evaluateAt = (process: CompiledProcess, told: Told): Evaluate => (text, extra = {}) => {
  const conditional = Object.values(process.elements).filter((e) => e.condition === text)
  if (conditional.length > 0) return conditional.some((e) => e.id === told.element)
  const names = Object.fromEntries(Object.entries(extra).map(([k, v]): [string, FeelValue] => [k, asFeel(v)]))
  const value = compileCached(text, { model: NOTHING, names: Object.fromEntries(Object.keys(names).map((k) => [k, { kind: 'any' }])) }).evaluate({ names, now: 0, zone: 'UTC' })
  return typeof value === 'object' && value !== null ? String(value) : value
}

/** The event of the core that a line of history tells of; null for those that move nothing. */
function eventOf(process: CompiledProcess, state: State, told: Told, output: (element: string) => Record<string, unknown>): CoreEvent | null {
  const wait = waits(process, state).find((w) => w.element === told.element)
  const need = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error(`history tells of ${told.kind} at ${told.element ?? ''}, but nothing waits there: ${JSON.stringify(state.marking)}`)
    return value
  }
  switch (told.kind) {
    case 'create': return { kind: 'start' }
    case 'edit': case 'escalation': case 'loopCut': return null
    case 'condition': return { kind: 'changed' }
    case 'outcome': case 'message': {
      const { kind, token, name } = need(wait)
      return kind === 'task' ? { kind: 'outcome', token, outcome: told.outcome ?? '' } : { kind: 'message', name, token, input: {} }
    }
    case 'signal': return { kind: 'signal', name: told.outcome ?? '' }
    case 'timer': return { kind: 'timer', token: need(wait).token, element: need(wait).element }
    case 'operation': return { kind: 'operationResult', token: need(wait).token, ...(told.outcome === 'done' ? { output: output(told.element ?? '') } : { error: { code: 'FAILED', message: told.comment ?? '' } }) }
    case 'incident': {
      const stuck = need(incidents(state).find((i) => i.at === told.element))
      return told.outcome === 'retry' ? { kind: 'retry', token: stuck.token } : { kind: 'operationResult', token: stuck.token, output: {} }
    }
    default: throw new Error(`history of the kind ${told.kind} cannot be replayed`)
  }
}

/** The state that the lines of history lead to, oldest first; effects on records count as done. */
export function replay(process: CompiledProcess, history: readonly Told[], output: (element: string) => Record<string, unknown>): { state: State; status: string | null } {
  let state: State = { marking: { tokens: [], scopes: [], next: 1 }, variables: {} }
  let status: string | null = null
  for (const told of history) {
    const first = eventOf(process, state, told, output)
    const queue = first ? [first] : []
    for (let event = queue.shift(); event; event = queue.shift()) {
      const result = step(process, state, event, evaluateAt(process, told))
      if (isRefusal(result)) throw new Error(`${told.kind} at ${told.element ?? ''}: ${result.message}`)
      state = result.state
      for (const e of result.effects) {
        if (e.kind === 'status') status = e.value
        if (e.kind === 'apply' && e.wait) queue.push({ kind: 'effectDone', token: e.token, names: e.names, result: {} })
      }
    }
  }
  return { state, status }
}
