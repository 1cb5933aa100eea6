import { setImmediate as nextTurn } from 'node:timers/promises'

/** Asked between small pieces of work: a promise to wait for when others are due, undefined while nobody is. */
export type Turns = () => Promise<void> | undefined

/** Lets whatever else waits in this thread go first whenever the work has run for `ms`. */
export function createTurns(ms: number): Turns {
  let since = performance.now()
  return () => (performance.now() - since < ms ? undefined : nextTurn().then(() => { since = performance.now() }))
}
