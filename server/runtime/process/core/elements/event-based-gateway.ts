import { armToken } from '../arm.ts'
import { elementOf, flowsOf } from '../run.ts'
import type { ElementDoc, Enter } from './behaviour.ts'

export const doc: ElementDoc[] = [{ tag: 'eventBasedGateway', name: 'event-based gateway', names: '事件网关', en: 'rests until the first of the events behind it', zh: '等待其后各事件中最先发生的一个' }]

/** Rests until the first of the events behind it happens; their `status` is stated while it rests. */
export const enterEventBasedGateway: Enter = (run, token, el) => {
  const events = flowsOf(run, run.process.index.outgoing[el.id]).map(f => elementOf(run, f.target))
  const status = el.status ?? events.find(e => e.status)?.status
  if (status) run.effects.push({ kind: 'status', value: status })
  armToken(run, token)
}
