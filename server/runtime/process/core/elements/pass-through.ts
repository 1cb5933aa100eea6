import { complete } from '../leave.ts'
import type { ElementDoc, Enter } from './behaviour.ts'

export const doc: ElementDoc[] = [
  { tag: 'manualTask', name: 'manual task', names: '手工任务', en: 'goes on at once', zh: '立即继续' },
  { tag: 'task', name: 'task', names: '任务', en: 'goes on at once', zh: '立即继续' },
  { tag: 'exclusiveGateway', name: 'exclusive gateway', names: '排他网关', en: 'takes the first flow whose condition holds, else the default flow', zh: '走第一条条件成立的连线，都不成立时走默认连线' },
]

/** Manual and plain tasks, exclusive gateways, none throw events: nothing to wait for. */
export const passThrough: Enter = (run, token) => complete(run, token, token.names)
