import { behaviours } from './elements/index.ts'
import { allCatches } from './catches.ts'
import { place, renumberings, settleEffects } from './canonical.ts'
import { compensateNext } from './compensate.ts'
import { fire } from './fire.ts'
import { stick, writeNote } from './note.ts'
import { enterLoop, finishRun } from './loop.ts'
import { writeLoops } from './loop-state.ts'
import { writeSigns } from './sign-state.ts'
import { writeUndo } from './undo-state.ts'
import { tellDeadlock } from './deadlock.ts'
import { openJoin } from './elements/inclusive-gateway.ts'
import { raiseAt } from './raise.ts'
import { answer, ask, elementOf, incident, STEP_LIMIT, type Run } from './run.ts'
import type { Effect, StepResult } from './types.ts'

/** Runs until every token rests. */
export function drain(run: Run): void {
  for (;;) {
    const token = run.agenda.shift()
    if (token) {
      const el = elementOf(run, token.at)
      if (++run.moves > STEP_LIMIT) {
        token.note = stick(writeNote('enter', token.via))
        incident(run, token, 'endlessLoop', `${el.id}: ${STEP_LIMIT} elements passed without a wait; the diagram loops: put a task, an event or a condition into the loop`, `流程在“${el.name || el.id}”处循环，无法停下，请联系管理员修改流程`)
        continue
      }
      const enter = el.loop && token.nth === undefined ? enterLoop : behaviours[el.type]
      if (!enter) throw new Error(`process ${run.process.id}: ${el.type} ${el.id} cannot be entered by a flow; lint refuses it`)
      enter(run, token, el)
      continue
    }
    const over = run.runs.shift()
    if (over) {
      if (!run.tokens.includes(over)) continue
      if (over.note === 'undo') compensateNext(run, over)
      else finishRun(run, over)
      continue
    }
    const raised = run.raised.shift()
    if (raised) {
      if (run.tokens.includes(raised)) raiseAt(run, raised)
      continue
    }
    const check = run.checks.shift()
    if (check) { fireIfTrue(run, check.token, check.element); continue }
    // Last: an inclusive join looks at where everybody else has come to rest.
    if (!openJoin(run)) return
  }
}

/** One conditional event: fires when its condition holds. */
export function fireIfTrue(run: Run, token: number, element: string): void {
  const open = allCatches(run).find(c => c.token === token && c.event.id === element)
  if (open && conditionHolds(run, token, open.event.condition)) fire(run, open, {})
}

export function conditionHolds(run: Run, token: number, condition: string | undefined): boolean {
  const holder = run.tokens.find(t => t.id === token)
  const value = holder ? ask(run, holder, condition ?? 'false') : answer(run, condition ?? 'false', { ...run.variables })
  return value === true
}

/** The run as a result: canonical marking, effects with final ids. */
export function settle(run: Run): StepResult {
  drain(run)
  tellDeadlock(run)
  const { marking, ids } = place(run.process, run.tokens, run.rootFired, run.ended)
  const effects = settleEffects(run.effects, ids)
  if (run.ended) effects.push({ kind: 'end', element: run.lastElement, how: howEnded(run) })
  const renumbered = renumberings(run, ids)
  return { state: { marking, variables: writeUndo(writeSigns(writeLoops(run.variables, run.tokens, ids), run.tokens, ids), run.undo, run.tokens, ids, run.ended) }, effects, ...(renumbered.length > 0 ? { renumbered } : {}) }
}

function howEnded(run: Run): Extract<Effect, { kind: 'end' }>['how'] {
  const el = run.process.elements[run.lastElement]
  if (el?.type !== 'endEvent') return 'none'
  return el.event === 'terminate' || el.event === 'message' || el.event === 'signal' || el.event === 'escalation' ? el.event : 'none'
}
