import { complete } from '../leave.ts'
import type { Enter } from './behaviour.ts'

/** Manual and plain tasks, exclusive gateways, none throw events: nothing to wait for. */
export const passThrough: Enter = (run, token) => complete(run, token, token.names)
