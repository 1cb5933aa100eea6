import { seededRandom } from '#server/platform/random.ts'
import { strike } from './aim.ts'
import type { Part } from './fleet.ts'
import { checkAudit, checkWhole } from './invariants.ts'
import type { Kind, Work } from './kinds/index.ts'
import { seedPool } from './kinds/people.ts'
import { openSite, type Site } from './site.ts'

export interface RoundsOptions {
  dir: string; databaseUrl?: string | undefined; queueUrl?: string | undefined
  parts: Part[]; kinds: readonly Kind[]; rounds: number; seed: number; kills: number
  /** between the kills of a round: such as the queue's server dying */
  trouble?: ((round: number) => Promise<void>) | undefined
  tell(line: string): void
}

/** Rounds on one installation that lives through all of them; answers what was wrong, by round. */
export const runRounds = async (options: RoundsOptions): Promise<{ passed: number; failed: number }> => {
  const { tell, kinds } = options
  const site = await openSite(options)
  let failed = 0
  try {
    await seedPool(site)
    for (const kind of kinds) await kind.prepare?.(site)
    for (let round = 1; round <= options.rounds; round++) {
      const from = performance.now()
      const problems = await oneRound(site, options, round)
      if (problems.length > 0) failed++
      tell(`${problems.length === 0 ? '✓' : '✗'} round ${round} (seed ${options.seed}), ${((performance.now() - from) / 1000).toFixed(1)} s: ${lastKills.join('; ')}`)
      for (const p of problems) tell(`    ${p}`)
    }
    return { passed: options.rounds - failed, failed }
  } finally { await site.close() }
}

let lastKills: string[] = []
const FIRST_GUESS_MS = 3_000
const lasted = new Map<string, number>()

async function oneRound(site: Site, { kinds, kills, seed, trouble, tell }: RoundsOptions, round: number): Promise<string[]> {
  const random = seededRandom(seed * 1_000 + round)
  lastKills = []
  let reviving: Promise<void> = Promise.resolve()
  const works: { kind: Kind; work: Work }[] = []
  try {
    // begun one after the other, each in turn as the last: it is the one that is aimed at
    const order = kinds.map((_, n) => kinds[(round + n) % kinds.length]!).filter((kind, n) => !kind.rare || n === kinds.length - 1)
    for (const kind of order) {
      const work = await kind.begin(site, round, random)
      const from = performance.now()
      work.done.then(() => { lasted.set(kind.name, performance.now() - from) }, () => undefined)
      works.push({ kind, work })
    }
    for (let n = 0; n < kills; n++) {
      const { kind, work } = works[works.length - 1 - (n % works.length)]!
      lastKills.push(await strike(site, { name: kind.name, jobs: work.jobs, lasts: lasted.get(kind.name) ?? FIRST_GUESS_MS }, random))
      // what is left of the installation goes on meanwhile
      const at = performance.now()
      reviving = site.fleet.revive().then(() => { lastKills.push(`back after ${((performance.now() - at) / 1000).toFixed(1)} s`) })
      reviving.catch(() => undefined)
      if (n === 0) await trouble?.(round)
      if (n + 1 < kills) await reviving
    }
    await Promise.all([...works.map(({ work }) => work.done), reviving])
    const problems = (await Promise.all(works.map(({ work }) => work.check()))).flat()
    return [...problems, ...await checkWhole(site), ...await checkAudit(site)]
  } catch (error) {
    tell(site.fleet.errors().slice(-5).join('\n'))
    return [error instanceof Error ? error.stack ?? error.message : String(error)]
  } finally { await reviving.catch(() => undefined); await site.fleet.revive() }
}
