import { refusals } from './refusals.ts'
import { takeChanged, takeEffectDone, takeMessage, takeOperationResult, takeOutcome, takeRetry, takeSignal, takeTimer } from './resume.ts'
import { takeMove } from './move.ts'
import { openRun, type Run } from './run.ts'
import { settle } from './settle.ts'
import { takeSigners } from './sign.ts'
import { start } from './start.ts'
import type { CompiledProcess, CoreEvent, Evaluate, State, StepRefusal, StepResult } from './types.ts'

/**
 * Consumes one event and runs until every token waits. Pure: the same process, state, event and answers of `evaluate`
 * give the same result; `state` is not changed. What cannot be done is a refusal value; only a state that does not
 * belong to the process (or an `evaluate` that throws) throws.
 */
export function step(process: CompiledProcess, state: State, event: CoreEvent, evaluate: Evaluate): StepResult | StepRefusal {
  if (event.kind === 'start') return start(process, event, evaluate)
  if (state.marking.ended) return refusals.ended(process)
  const run = openRun(process, state, evaluate)
  return take(run, event) ?? settle(run)
}

function take(run: Run, event: Exclude<CoreEvent, { kind: 'start' }>): StepRefusal | null {
  switch (event.kind) {
    case 'outcome': return takeOutcome(run, event)
    case 'message': return takeMessage(run, event)
    case 'signal': return takeSignal(run, event)
    case 'timer': return takeTimer(run, event)
    case 'operationResult': return takeOperationResult(run, event)
    case 'effectDone': return takeEffectDone(run, event)
    case 'retry': return takeRetry(run, event)
    case 'move': return takeMove(run, event)
    case 'addSigners': return takeSigners(run, event)
    case 'changed': return takeChanged(run)
  }
}

export const isRefusal = (result: StepResult | StepRefusal): result is StepRefusal => 'refused' in result
