import { complete } from '../leave.ts'
import { loopNames } from '../run.ts'
import type { Enter } from './behaviour.ts'

export const enterSendTask: Enter = (run, token, el) => {
  const names = loopNames(run, token)
  run.effects.push({ kind: 'send', element: el.id, ...(Object.keys(names).length > 0 ? { names } : {}) })
  complete(run, token, token.names)
}
