import type { Log } from '#server/platform/log.ts'

const FIRST_MS = 500
const LONGEST_MS = 5_000
/** an outage that lasts is told again */
const TOLD_EVERY_MS = 60_000

export interface Outage {
  /** A try began; what is reported of it counts only against what others found since. */
  attempt(): { failed(error: unknown): void; worked(): void }
  /** how long to wait before the next try; undefined while all is well */
  pauseMs(): number | undefined
}

/** Something that many loops need is away: told once, told again each minute, told when it is back; pauses grow up to five seconds. */
export const createOutage = (log: Log, begun: string, ended: string): Outage => {
  let since: number | undefined
  let told = 0
  let pause = FIRST_MS
  let back = 0
  // tries run beside each other: one that failed before another worked says nothing new, nor one that began before the outage
  const failed = (error: unknown, began: number): void => {
    const now = performance.now()
    if (since === undefined && began < back) return
    if (since === undefined || now - told > TOLD_EVERY_MS) { log.error({ err: error }, begun); told = now }
    if (since !== undefined) pause = Math.min(LONGEST_MS, pause * 2)
    since ??= now
  }
  const worked = (began: number): void => {
    if (since === undefined || began < since) return
    back = performance.now()
    log.info({ seconds: Math.round((back - since) / 1000) }, ended)
    since = undefined
    pause = FIRST_MS
  }
  return {
    attempt() {
      const began = performance.now()
      return { failed: (error) => failed(error, began), worked: () => worked(began) }
    },
    pauseMs: () => (since === undefined ? undefined : pause),
  }
}
