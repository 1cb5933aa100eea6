import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '#server/platform/config.ts'
import { systemClock } from '#server/platform/clock.ts'
import { sharedClock } from '#server/platform/shared-clock.ts'

/**
 * With a shared clock that nobody has set yet, time begins where the first demo set tells it to and goes on from there:
 * its windows would be over on the real date. Answers that instant, or null when the clock was left alone.
 */
export function beginDemoClock(config: Config, demos: string[]): number | null {
  if (config.clock.kind !== 'shared' || existsSync(config.clock.file)) return null
  for (const demo of demos) {
    const file = join(config.definitionsDir, 'seeds/demo', demo, 'demo.json')
    if (!existsSync(file)) continue
    const { clock } = JSON.parse(readFileSync(file, 'utf8')) as { clock?: string }
    if (!clock) continue
    const at = Date.parse(clock)
    sharedClock(config.clock.file).advance(at - systemClock.now())
    return at
  }
  return null
}
