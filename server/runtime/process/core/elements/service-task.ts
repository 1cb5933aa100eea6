import { armToken } from '../arm.ts'
import { complete } from '../leave.ts'
import { ask, incident, type Names, type Run, type WorkToken } from '../run.ts'
import { stick, writeNote } from '../note.ts'
import type { ElementInfo } from '../types.ts'
import type { ElementDoc, Enter } from './behaviour.ts'

export const doc: ElementDoc[] = [{ tag: 'serviceTask', name: 'service task', names: '服务任务', en: 'calls `operation`, rests until its result', zh: '调用 `operation`，等待其结果' }]

/** Calls its operation and rests until the result comes. */
export const enterServiceTask: Enter = (run, token, el) => {
  if (el.status) run.effects.push({ kind: 'status', value: el.status })
  callOperation(run, token, el)
  armToken(run, token)
}

export function callOperation(run: Run, token: WorkToken, el: ElementInfo): void {
  run.effects.push({ kind: 'callOperation', token: token.id, element: el.id, operation: el.operation ?? '' })
}

/** Output mappings are variables from now on; `output` itself is seen by the element's effects and flows. */
export function takeOutput(run: Run, token: WorkToken, el: ElementInfo, output: unknown): void {
  const names: Names = { ...token.names, output }
  token.names = names
  for (const map of el.outputs) run.variables = { ...run.variables, [map.name]: ask(run, token, map.expr) ?? null }
  complete(run, token, names)
}

export function failOperation(run: Run, token: WorkToken, el: ElementInfo, error: { code: string; message: string }): void {
  token.note = stick(writeNote('failed'))
  incident(run, token, error.code, `${el.id}: ${el.operation ?? 'effect'} failed: ${error.message}; mend the cause, then retry`, `“${el.name || el.id}”执行失败（${error.code}），请排除原因后重试`)
}
