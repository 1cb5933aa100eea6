import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { isBusy } from './sqlite-errors.ts'
import { LOCK_MS } from './sqlite-lock.ts'
import { askForTurn, turnTaken } from './sqlite-turns.ts'

const TURN_MS = 8
const MOST_MS = 3
let turned = performance.now()
let turn: Promise<void> | undefined

/** Synchronous statements only yield microtasks; without a turn now and then a burst of them would starve sockets and timers. Undefined = none is due. */
export const turnDue = (): Promise<void> | undefined => {
  if (performance.now() - turned < TURN_MS) return undefined
  // one turn for all who wait: were each to wait for its own, each that resumes would start the clock anew for the others
  turn ??= nextTurn().then(() => { turned = performance.now(); turn = undefined })
  return turn
}

/** Another process or thread holds the file: ask again by timer, so that this thread stays responsive. Undefined = done at once. */
export const whileBusy = (fn: () => void, limitMs = LOCK_MS): Promise<void> | undefined => {
  try { fn(); return undefined }
  catch (e) { if (!isBusy(e)) throw e }
  return again(fn, limitMs)
}

const again = async (fn: () => void, limitMs: number): Promise<void> => {
  const until = performance.now() + limitMs
  for (let n = 1; ; n++) {
    askForTurn()
    await sleep(Math.min(n, MOST_MS))
    try { fn(); turnTaken(); return }
    catch (e) { if (!isBusy(e) || performance.now() > until) throw e }
  }
}
