import type { Log } from '#server/platform/log.ts'

const FIRST_MS = 500
const LONGEST_MS = 5_000
/** an outage that lasts is told again */
const TOLD_EVERY_MS = 60_000

export interface Outage {
  begin(error: unknown): void
  over(): void
  /** how long to wait before the next try; undefined while all is well */
  pauseMs(): number | undefined
}

/** Something that many loops need is away: told once, told again each minute, told when it is back; pauses grow up to five seconds. */
export const createOutage = (log: Log, begun: string, ended: string): Outage => {
  let since: number | undefined
  let told = 0
  let pause = FIRST_MS
  return {
    begin(error) {
      const now = performance.now()
      if (since === undefined || now - told > TOLD_EVERY_MS) { log.error({ err: error }, begun); told = now }
      if (since !== undefined) pause = Math.min(LONGEST_MS, pause * 2)
      since ??= now
    },
    over() {
      if (since === undefined) return
      log.info({ seconds: Math.round((performance.now() - since) / 1000) }, ended)
      since = undefined
      pause = FIRST_MS
    },
    pauseMs: () => (since === undefined ? undefined : pause),
  }
}
