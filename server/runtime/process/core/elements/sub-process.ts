import { armToken } from '../arm.ts'
import { addToken, elementOf, schedule } from '../run.ts'
import type { Enter } from './behaviour.ts'

/** The token stays on the sub-process and carries its scope; a new one begins inside. Inlined call activities alike. */
export const enterSubProcess: Enter = (run, token, el) => {
  if (el.status) run.effects.push({ kind: 'status', value: el.status })
  armToken(run, token)
  const begin = (run.process.index.starts[el.id] ?? []).find(id => elementOf(run, id).event === 'none')
  if (begin === undefined) throw new Error(`process ${run.process.id}: sub-process ${el.id} has no start event; lint refuses it`)
  schedule(run, addToken(run, begin, token.id, token.names))
}
