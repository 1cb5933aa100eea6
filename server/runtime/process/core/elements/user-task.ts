import { armToken } from '../arm.ts'
import type { ElementDoc, Enter } from './behaviour.ts'

export const doc: ElementDoc[] = [{ tag: 'userTask', name: 'user task', names: '用户任务', en: 'rests until a person takes an outcome', zh: '等待办理人选择处理结果' }]

/** Rests until a person takes one of its outcomes. */
export const enterUserTask: Enter = (run, token, el) => {
  if (el.status) run.effects.push({ kind: 'status', value: el.status })
  run.effects.push({ kind: 'createTask', token: token.id, element: el.id, ...(token.who === undefined ? {} : { who: token.who }) })
  token.who = undefined
  armToken(run, token)
}
