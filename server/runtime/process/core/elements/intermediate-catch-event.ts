import { armToken } from '../arm.ts'
import { complete } from '../leave.ts'
import { ask } from '../run.ts'
import type { Enter } from './behaviour.ts'

/** Rests until its event happens; a condition that already holds lets the token pass. Receive tasks wait alike. */
export const enterCatchEvent: Enter = (run, token, el) => {
  if (el.event === 'conditional' && ask(run, token, el.condition ?? 'false') === true) {
    token.note = 'by:fired'
    return complete(run, token, token.names)
  }
  if (el.status) run.effects.push({ kind: 'status', value: el.status })
  armToken(run, token)
}
