import { armToken } from '../arm.ts'
import type { Enter } from './behaviour.ts'

/** Rests until a person takes one of its outcomes. */
export const enterUserTask: Enter = (run, token, el) => {
  if (el.status) run.effects.push({ kind: 'status', value: el.status })
  run.effects.push({ kind: 'createTask', token: token.id, element: el.id })
  armToken(run, token)
}
