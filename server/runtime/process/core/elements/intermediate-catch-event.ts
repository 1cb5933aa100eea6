import { armToken } from '../arm.ts'
import { complete } from '../leave.ts'
import { ask } from '../run.ts'
import type { ElementDoc, Enter } from './behaviour.ts'

export const doc: ElementDoc[] = [
  {
    tag: 'intermediateCatchEvent', name: 'intermediate catch event', names: '中间捕获事件', events: ['message', 'timer', 'signal', 'conditional'],
    en: 'rests until it happens; a condition that already holds lets it pass', zh: '等到事件发生；条件已成立则直接通过',
  },
  {
    tag: 'intermediateCatchEvent', name: 'link catch event', names: '链接捕获事件', events: ['link'], rests: false,
    en: 'where the throwing link events of its name go on; never rests', zh: '同名链接抛出事件从这里继续，不停留',
  },
  { tag: 'receiveTask', name: 'receive task', names: '接收任务', en: 'rests until its message', zh: '等到收到它的消息' },
]

/** Rests until its event happens; a condition that already holds lets the token pass. Receive tasks wait alike. */
export const enterCatchEvent: Enter = (run, token, el) => {
  if (el.event === 'link') return complete(run, token, token.names)
  if (el.event === 'conditional' && ask(run, token, el.condition ?? 'false') === true) {
    token.note = 'by:fired'
    return complete(run, token, token.names)
  }
  if (el.status) run.effects.push({ kind: 'status', value: el.status })
  armToken(run, token)
}
