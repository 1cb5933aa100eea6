/** The only source of now. Times are integer milliseconds UTC. */
export interface Clock { now(): number }
export interface VirtualClock extends Clock {
  set(at: number): void
  /** moves forward by ms (negative moves back) */
  advance(ms: number): void
}

export const systemClock: Clock = { now: () => Date.now() }

/** Stands still until it is set or advanced. */
export const virtualClock = (start: number): VirtualClock => {
  let at = start
  return { now: () => at, set: (to) => { at = to }, advance: (ms) => { at += ms } }
}
