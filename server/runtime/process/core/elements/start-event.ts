import { complete } from '../leave.ts'
import type { Enter } from './behaviour.ts'

export const enterStartEvent: Enter = (run, token) => complete(run, token, token.names)
