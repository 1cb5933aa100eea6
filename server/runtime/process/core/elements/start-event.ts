import { complete } from '../leave.ts'
import type { ElementDoc, Enter } from './behaviour.ts'

export const doc: ElementDoc[] = [
  { tag: 'startEvent', name: 'start event', names: '开始事件', events: ['none'], rests: false, en: 'the instance begins with its record', zh: '记录建立时流程即开始' },
  {
    tag: 'startEvent', name: 'start event', names: '开始事件', events: ['message', 'timer', 'signal', 'conditional'],
    en: 'the record waits, with the status and locks of the start event, until the first of them: that message, that date, that signal from any instance of the programme, or as soon as the condition holds; then the instance begins, once',
    zh: '记录先按该事件的状态与可编辑范围等待，首个事件到来时流程开始，且只开始一次：收到消息、到达时间、本项目任一流程发出信号，或条件成立',
  },
]

export const enterStartEvent: Enter = (run, token) => complete(run, token, token.names)
