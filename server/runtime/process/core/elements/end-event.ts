import { throwCompensation } from '../compensate.ts'
import { complete } from '../leave.ts'
import type { ElementDoc, Enter } from './behaviour.ts'

export const doc: ElementDoc[] = [{
  tag: 'endEvent', name: 'end event', names: '结束事件', events: ['none', 'message', 'signal', 'error', 'escalation', 'terminate', 'compensate'],
  en: 'ends the token, after its message or signal went out; `error` is caught by a boundary event around it; `escalation` by the nearest scope around it, uncaught the history keeps it; `terminate` ends all else in its (sub-)process; `compensate` first undoes what is over in it',
  zh: '令牌到此为止，先发出它的消息或信号；`error` 由外层边界事件捕获；`escalation` 由最近的外层捕获，无人捕获则记入历史；`terminate` 结束所在（子）流程的一切；`compensate` 先撤销其中已完成的活动',
}]

/** What error, escalation and terminate ends do to their scope happens when the token is consumed. */
export const enterEndEvent: Enter = (run, token, el) => {
  if (el.status) run.effects.push({ kind: 'status', value: el.status })
  if (el.event === 'message') run.effects.push({ kind: 'throwMessage', name: el.message ?? '', element: el.id })
  if (el.event === 'signal') run.effects.push({ kind: 'throwSignal', name: el.signal ?? '', element: el.id })
  if (el.event === 'compensate') return throwCompensation(run, token, el)
  complete(run, token, token.names)
}
