import { isRefusal, start, step, waits, type CompiledProcess, type CoreEvent, type Evaluate, type Marking, type State, type StepRefusal, type StepResult, type Wait } from '../../core/index.ts'
import { holdsFor } from '../../core/outcome-test.ts'

export interface Stuck { element: string; code: string; /** task outcome that led there */ task?: string; outcome?: string }
export interface Exploration { markings: Marking[]; stuck: Stuck[]; /** standings that wait for nothing */ dead: Marking[]; complete: boolean }

const MARKINGS = 300
const TOKENS = 10
const BRANCHES = 32

/** Runs one event once per combination of answers that the conditions could give. */
function branches(process: CompiledProcess, run: (evaluate: Evaluate) => StepResult | StepRefusal): StepResult[] {
  const loops = Object.values(process.elements).flatMap(e => e.loop ?? [])
  const conditions = new Set([...[...Object.values(process.flows), ...Object.values(process.elements)].map(x => x.condition), ...loops.flatMap(l => [l.until, l.while])].filter(c => c !== undefined))
  const results: StepResult[] = []
  let script: boolean[] = []
  for (let n = 0; n < BRANCHES; n++) {
    const answers = new Map<string, boolean>()
    const asked: boolean[] = []
    const evaluate: Evaluate = (text, extra) => {
      if (loops.some(l => l.each === text || l.count === text)) return loops.some(l => l.each === text) ? [1, 2] : 2
      if (!conditions.has(text)) return text in (extra ?? {}) ? null : process.expressions.some(e => e.use === 'when' && e.text === text) ? true : null
      const fixed = holdsFor(text, typeof extra?.outcome === 'string' ? extra.outcome : undefined)
      if (fixed !== null) return fixed
      const known = answers.get(text)
      if (known !== undefined) return known
      const answer = script[asked.length] ?? true
      asked.push(answer)
      answers.set(text, answer)
      return answer
    }
    const result = run(evaluate)
    if (!isRefusal(result)) results.push(result)
    const last = asked.lastIndexOf(true)
    if (last < 0) break
    script = [...asked.slice(0, last), false]
  }
  return results
}

function eventsOf(process: CompiledProcess, wait: Wait): { event: CoreEvent; task?: string; outcome?: string }[] {
  const { token, element } = wait
  switch (wait.kind) {
    case 'task': return (process.elements[element]?.outcomes ?? []).map(o => ({ event: { kind: 'outcome', token, outcome: o.id }, task: element, outcome: o.id }))
    case 'message': return [{ event: { kind: 'message', name: wait.name, token } }]
    case 'signal': return [{ event: { kind: 'signal', name: wait.name } }]
    case 'timer': return [{ event: { kind: 'timer', token, element } }]
    case 'conditional': return [{ event: { kind: 'changed' } }]
    case 'effect': return [{ event: { kind: 'effectDone', token } }]
    case 'operation': return [{ event: { kind: 'operationResult', token, output: {} } }, ...errorsOf(process, element).map(code => ({ event: { kind: 'operationResult' as const, token, error: { code, message: code } } }))]
  }
}

/** Errors that somebody around the element catches. */
function errorsOf(process: CompiledProcess, element: string): string[] {
  const { boundaries, eventStarts } = process.index
  const ears = [...(boundaries[element] ?? [])]
  for (let scope = process.elements[element]?.scope; ; scope = process.elements[scope]?.scope) {
    ears.push(...(eventStarts[scope ?? ''] ?? []), ...(boundaries[scope ?? ''] ?? []))
    if (scope === undefined) break
  }
  return [...new Set(ears.map(id => process.elements[id]).filter(e => e?.event === 'error').map(e => e?.errorCode ?? 'any'))]
}

/** All standings the process can come to, whatever people and data do (bounded; `complete` says whether all were seen). */
export function explore(process: CompiledProcess): Exploration {
  const found: Exploration = { markings: [], stuck: [], dead: [], complete: true }
  const seen = new Set<string>()
  const queue: State[] = []
  const take = (results: StepResult[], by: { task?: string; outcome?: string }): void => {
    for (const result of results) {
      const incidents = result.effects.filter(e => e.kind === 'incident').filter(e => e.code !== 'deadlock')
      for (const e of incidents) found.stuck.push({ element: e.element, code: e.code, ...by })
      const key = JSON.stringify(result.state.marking)
      if (seen.has(key) || incidents.length > 0) continue
      seen.add(key)
      if (found.markings.length >= MARKINGS || result.state.marking.tokens.length > TOKENS) { found.complete = false; continue }
      found.markings.push(result.state.marking)
      queue.push(result.state)
    }
  }
  for (const element of process.index.starts[''] ?? []) take(branches(process, evaluate => start(process, { kind: 'start', element }, evaluate)), {})
  for (let state = queue.shift(); state; state = queue.shift()) {
    const at = state
    const open = waits(process, at)
    if (open.length === 0 && !at.marking.ended) found.dead.push(at.marking)
    for (const wait of open)
      for (const { event, ...by } of eventsOf(process, wait)) take(branches(process, evaluate => step(process, at, event, evaluate)), by)
  }
  return found
}
