import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
import { setTimeout as sleep } from 'node:timers/promises'

/** A thread that renders a page looks this seldom whether the file is free. */
const PATIENCE_MS = 250
const SHARED = 'certflow.sqlite.asked'
/** Who has waited this lately may come again at any moment. */
const LATELY_MS = 3_000
const WRAPS = 0x3fff_ffff
/** Another process asks this seldom at most; it cannot be seen from here, so a long hold is followed by a rest in which it asks. */
const LONG_MS = 60
const REST_MS = 4

/** Two numbers that all threads of the process see: when somebody found the file taken who still waits (0 = nobody does), and when anybody last did. */
function sharedNumber(): Int32Array {
  let buffer = getEnvironmentData(SHARED) as SharedArrayBuffer | undefined
  if (!buffer) setEnvironmentData(SHARED, (buffer = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)))
  return new Int32Array(buffer)
}
const asked = sharedNumber()
/** the same clock in every thread */
const ms = (): number => Number((process.hrtime.bigint() / 1_000_000n) & BigInt(WRAPS)) + 1

export const askForTurn = (): void => { const now = ms(); Atomics.store(asked, 0, now); Atomics.store(asked, 1, now) }
export const turnTaken = (): void => { Atomics.store(asked, 0, 0) }

/** Whether a thread of this process has found the file taken of late: as long as none has, a batch may hold it longer. */
export const isWanted = (): boolean => {
  const last = Atomics.load(asked, 1)
  return last !== 0 && ((ms() - last) & WRAPS) < LATELY_MS
}

/**
 * What writes batch after batch calls this between two of them: whoever waits for the writer gets it first. Without it the one who
 * waits, asking by timer, would nearly always find the file taken again. Waits no longer than somebody takes who has died meanwhile.
 */
export async function giveWay(heldMs = 0): Promise<void> {
  await sleep(heldMs > LONG_MS ? REST_MS : 1)
  for (const from = ms(); ms() - from < PATIENCE_MS;) {
    const last = Atomics.load(asked, 0)
    if (last === 0 || ms() - last > PATIENCE_MS) return
    await sleep(1)
  }
}
