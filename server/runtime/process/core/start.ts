import { arm, rootCatches } from './arm.ts'
import { complete } from './leave.ts'
import { refusals } from './refusals.ts'
import { addToken, openRun, type Run } from './run.ts'
import { settle } from './settle.ts'
import type { CompiledProcess, CoreEvent, ElementInfo, Evaluate, StepRefusal, StepResult } from './types.ts'

type StartEvent = Extract<CoreEvent, { kind: 'start' }>

function pick(process: CompiledProcess, event: StartEvent): ElementInfo | undefined {
  const starts = (process.index.starts[''] ?? []).map(id => process.elements[id]).filter(e => e !== undefined)
  if (event.element !== undefined) return starts.find(s => s.id === event.element)
  if (event.message !== undefined) return starts.find(s => s.event === 'message' && s.message === event.message)
  return starts.find(s => s.event === 'none')
}

/** A new instance: from the none start event, from the one named, or from the one that catches `message`. */
export function start(process: CompiledProcess, event: StartEvent, evaluate: Evaluate): StepResult | StepRefusal {
  const begin = pick(process, event)
  if (!begin) return refusals.noCatcher(process, event.element ? `a start at "${event.element}"` : event.message ? `the start message "${event.message}"` : 'a start without message (no none start event)')
  const run: Run = openRun(process, { marking: { tokens: [], scopes: [], next: 1 }, variables: {} }, evaluate)
  arm(run, rootCatches(run))
  complete(run, addToken(run, begin.id, 0, {}), event.input ? { input: event.input } : {})
  return settle(run)
}
