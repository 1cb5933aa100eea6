import { setTimeout as sleep } from 'node:timers/promises'

export const pause = (ms: number): Promise<void> => sleep(ms)

/** Until it is so; throws with what was waited for when that takes too long. */
export const until = async (so: () => boolean | Promise<boolean>, ms: number, what: string | (() => string)): Promise<void> => {
  for (const end = performance.now() + ms; !(await so());) {
    if (performance.now() > end) throw new Error(`${Math.round(ms / 1000)} s were not enough for ${typeof what === 'string' ? what : what()}`)
    await sleep(50)
  }
}
