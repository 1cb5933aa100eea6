import { complete } from '../leave.ts'
import { loopNames } from '../run.ts'
import type { ElementDoc, Enter } from './behaviour.ts'

export const doc: ElementDoc[] = [{ tag: 'sendTask', name: 'send task', names: '发送任务', en: 'a notice goes out; goes on at once', zh: '发出通知，立即继续' }]

export const enterSendTask: Enter = (run, token, el) => {
  const names = loopNames(run, token)
  run.effects.push({ kind: 'send', element: el.id, ...(Object.keys(names).length > 0 ? { names } : {}) })
  complete(run, token, token.names)
}
