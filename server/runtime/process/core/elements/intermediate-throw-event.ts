import { throwCompensation } from '../compensate.ts'
import { complete } from '../leave.ts'
import type { ElementDoc, Enter } from './behaviour.ts'

export const doc: ElementDoc[] = [
  {
    tag: 'intermediateThrowEvent', name: 'intermediate throw event', names: '中间抛出事件', events: ['none', 'message', 'signal'],
    en: 'throws, goes on: a message to one record or those that `to` names, a signal to everybody who listens', zh: '抛出后继续：消息发给本记录或 `to` 所指的记录，信号发给所有等待者',
  },
  {
    tag: 'intermediateThrowEvent', name: 'escalation throw event', names: '升级抛出事件', events: ['escalation'],
    en: 'tells the nearest scope around it that catches its code, and goes on unless that interrupts; uncaught the history keeps it', zh: '由最近的、捕获该代码的外层处理；不被中断则继续；无人捕获则记入历史',
  },
  {
    tag: 'intermediateThrowEvent', name: 'link throw event', names: '链接抛出事件', events: ['link'],
    en: 'goes on at the catching link event of the same name in its own (sub-)process', zh: '转到同一（子）流程中同名的链接捕获事件继续',
  },
  {
    tag: 'intermediateThrowEvent', name: 'compensation throw event', names: '补偿抛出事件', events: ['compensate'],
    en: 'undoes what is over in its scope, the last one first, and goes on when that is done', zh: '按完成的相反顺序撤销本范围内已完成的活动，完成后继续',
  },
]

/** Links and escalations go their way when the element is left, after its effects. */
export const enterThrowEvent: Enter = (run, token, el) => {
  if (el.event === 'message') run.effects.push({ kind: 'throwMessage', name: el.message ?? '', element: el.id })
  if (el.event === 'signal') run.effects.push({ kind: 'throwSignal', name: el.signal ?? '', element: el.id })
  if (el.event === 'compensate') return throwCompensation(run, token, el)
  complete(run, token, token.names)
}
