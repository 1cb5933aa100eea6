import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { isBusy } from './sqlite-errors.ts'
import { LOCK_MS } from './sqlite-lock.ts'

const TURN_MS = 8
let turned = performance.now()
let turn: Promise<void> | undefined

/** Synchronous statements only yield microtasks; without this a burst of them would starve sockets and timers. */
export const takeTurns = async (): Promise<void> => {
  if (performance.now() - turned < TURN_MS) return
  // one turn for all who wait: were each to wait for its own, each that resumes would start the clock anew for the others
  turn ??= nextTurn().then(() => { turned = performance.now(); turn = undefined })
  await turn
}

/** Another process or thread holds the file: ask again by timer, so that this thread stays responsive. */
export const whileBusy = async <T>(fn: () => T, limitMs = LOCK_MS): Promise<T> => {
  const until = performance.now() + limitMs
  for (let n = 1; ; n++) {
    try { return fn() }
    catch (e) { if (!isBusy(e) || performance.now() > until) throw e }
    await sleep(Math.min(n, 10))
  }
}
