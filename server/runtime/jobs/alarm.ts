export interface Alarm {
  ring(): void
  /** how often it has rung: to be noted before looking for work, so that a ring in between is not slept through */
  heard(): number
  /** until it rings, or has rung since `heard`, at most so many ms */
  wait(ms: number, heard: number): Promise<void>
}

/** Ends the pauses of all who wait for work. */
export const createAlarm = (): Alarm => {
  const sleepers = new Set<() => void>()
  let rings = 0
  return {
    ring() { rings++; for (const up of [...sleepers]) up() },
    heard: () => rings,
    wait: (ms, heard) => (heard !== rings ? Promise.resolve() : new Promise((resolve) => {
      const up = (): void => { clearTimeout(timer); sleepers.delete(up); resolve() }
      const timer = setTimeout(up, ms)
      sleepers.add(up)
    })),
  }
}
