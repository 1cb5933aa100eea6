import { throwCompensation } from '../compensate.ts'
import { complete } from '../leave.ts'
import type { Enter } from './behaviour.ts'

/** None, message, error and terminate ends; what the last two do to their scope happens when the token is consumed. */
export const enterEndEvent: Enter = (run, token, el) => {
  if (el.status) run.effects.push({ kind: 'status', value: el.status })
  if (el.event === 'message') run.effects.push({ kind: 'throwMessage', name: el.message ?? '', element: el.id })
  if (el.event === 'compensate') return throwCompensation(run, token, el)
  complete(run, token, token.names)
}
