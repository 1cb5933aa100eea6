import { virtualClock, type VirtualClock } from '#server/platform/clock.ts'
import { createIds, type IdSource } from '#server/platform/ids.ts'
import { silentLog } from '#server/platform/log.ts'

/** Monday 2026-03-02 09:00 in Shanghai. */
export const MONDAY = Date.UTC(2026, 2, 2, 1)

export const testParts = (): { clock: VirtualClock; ids: IdSource; log: ReturnType<typeof silentLog> } => {
  const clock = virtualClock(MONDAY)
  return { clock, ids: createIds({ now: clock.now, node: 0 }), log: silentLog() }
}
