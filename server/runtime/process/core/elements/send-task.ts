import { complete } from '../leave.ts'
import type { Enter } from './behaviour.ts'

export const enterSendTask: Enter = (run, token, el) => {
  run.effects.push({ kind: 'send', element: el.id })
  complete(run, token, token.names)
}
