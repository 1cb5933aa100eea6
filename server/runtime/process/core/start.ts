import { arm } from './arm.ts'
import { startCatches } from './catches.ts'
import { begin } from './fire.ts'
import { refusals } from './refusals.ts'
import { openRun } from './run.ts'
import { settle } from './settle.ts'
import type { CompiledProcess, CoreEvent, ElementInfo, Evaluate, StepRefusal, StepResult } from './types.ts'

type StartEvent = Extract<CoreEvent, { kind: 'start' }>

function pick(starts: ElementInfo[], event: StartEvent): ElementInfo | undefined {
  if (event.element !== undefined) return starts.find(s => s.id === event.element)
  if (event.message !== undefined) return starts.find(s => s.event === 'message' && s.message === event.message)
  return starts.find(s => s.event === 'none')
}

/**
 * A new instance: from the none start event, from the one named, or from the one that catches `message`. Where the
 * process has only starts that are events, the instance waits for the first of them; a condition may hold already.
 */
export function start(process: CompiledProcess, event: StartEvent, evaluate: Evaluate): StepResult | StepRefusal {
  const run = openRun(process, { marking: { tokens: [], scopes: [], next: 1 }, variables: {} }, evaluate)
  const starts = (process.index.starts[''] ?? []).map(id => process.elements[id]).filter(e => e !== undefined)
  const at = pick(starts, event)
  const named = event.element ?? event.message
  if (at) begin(run, at, event.input ? { input: event.input } : {})
  else if (named === undefined && starts.length > 0) {
    const status = starts.find(s => s.status)?.status
    if (status) run.effects.push({ kind: 'status', value: status })
    arm(run, startCatches(run))
  } else return refusals.noCatcher(process, event.element ? `a start at "${event.element}"` : event.message ? `the start message "${event.message}"` : 'a start (it has no start event)')
  return settle(run)
}
