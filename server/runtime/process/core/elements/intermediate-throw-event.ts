import { throwCompensation } from '../compensate.ts'
import { complete } from '../leave.ts'
import type { Enter } from './behaviour.ts'

export const enterThrowEvent: Enter = (run, token, el) => {
  if (el.event === 'message') run.effects.push({ kind: 'throwMessage', name: el.message ?? '', element: el.id })
  if (el.event === 'signal') run.effects.push({ kind: 'throwSignal', name: el.signal ?? '', element: el.id })
  if (el.event === 'compensate') return throwCompensation(run, token, el)
  complete(run, token, token.names)
}
