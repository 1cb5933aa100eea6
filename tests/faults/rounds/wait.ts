import { setTimeout as sleep } from 'node:timers/promises'
import { isOutage } from '#server/platform/errors.ts'

export const pause = (ms: number): Promise<void> => sleep(ms)

/** Until it is so; throws with what was waited for when that takes too long. */
export const until = async (so: () => boolean | Promise<boolean>, ms: number, what: string | (() => string)): Promise<void> => {
  // while the database is away nobody can look
  const seen = async (): Promise<boolean> => { try { return await so() } catch (e) { if (isOutage(e)) return false; throw e } }
  for (const end = performance.now() + ms; !(await seen());) {
    if (performance.now() > end) throw new Error(`${Math.round(ms / 1000)} s were not enough for ${typeof what === 'string' ? what : what()}`)
    await sleep(50)
  }
}
