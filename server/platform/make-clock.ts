import { systemClock, virtualClock, type Clock } from './clock.ts'
import type { Config } from './config.ts'
import { sharedClock } from './shared-clock.ts'

/** The clock that the configuration names. A fixed one stands still: for demonstrations and scenario runs. */
export const makeClock = (config: Pick<Config, 'clock'>): Clock => {
  if (config.clock.kind === 'shared') return sharedClock(config.clock.file)
  return config.clock.kind === 'fixed' ? virtualClock(config.clock.at) : systemClock
}
