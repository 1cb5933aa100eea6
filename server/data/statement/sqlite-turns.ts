import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
import { setTimeout as sleep } from 'node:timers/promises'

/** A thread that renders a page looks this seldom whether the file is free. */
const PATIENCE_MS = 250
const SHARED = 'certflow.sqlite.asked'

/** One number that all threads of the process see: when somebody last found the file taken; 0 = nobody waits. */
function sharedNumber(): Int32Array {
  let buffer = getEnvironmentData(SHARED) as SharedArrayBuffer | undefined
  if (!buffer) setEnvironmentData(SHARED, (buffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)))
  return new Int32Array(buffer)
}
const asked = sharedNumber()
/** the same clock in every thread */
const ms = (): number => Number((process.hrtime.bigint() / 1_000_000n) & 0x3fff_ffffn) + 1

export const askForTurn = (): void => { Atomics.store(asked, 0, ms()) }
export const turnTaken = (): void => { Atomics.store(asked, 0, 0) }

/**
 * What writes batch after batch calls this between two of them: whoever waits for the writer gets it first. Without it the one who
 * waits, asking by timer, would nearly always find the file taken again. Waits no longer than somebody takes who has died meanwhile.
 */
export async function giveWay(): Promise<void> {
  await sleep(1)
  for (const from = ms(); ms() - from < PATIENCE_MS;) {
    const last = Atomics.load(asked, 0)
    if (last === 0 || ms() - last > PATIENCE_MS) return
    await sleep(1)
  }
}
