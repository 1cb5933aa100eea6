import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createCertflow } from '#server/index.ts'
import type { VirtualClock } from '#server/platform/clock.ts'
import type { Config } from '#server/platform/config.ts'
import { generatePeople } from '../generator/index.ts'
import { putRecordFile } from '#server/scenarios/put-file.ts'
import { callOf, type World } from '#server/scenarios/world.ts'
import { setUp } from '../../set-up.ts'
import type { SeasonContext } from './context.ts'
import type { Season } from './season-file.ts'
import type { SeasonFiles } from './season-files.ts'
import { DATABASE_FILE } from './season-folder.ts'

export interface SeasonSize { candidates: number; photos: number; tickets: number; seed: number }

const SEATS_PER_ROOM = 40

/** A fresh database with the demo set, on a clock that moves only when told. */
export async function openSeason(season: Season, size: SeasonSize, config: Config, kept: SeasonFiles | null = null): Promise<{ ctx: SeasonContext; close(): Promise<void> }> {
  const database = join(config.varDir, DATABASE_FILE)
  if (existsSync(database)) throw new Error(`${database} is there already: a season begins in an empty folder; name another one with --var`)
  const dir = join(config.varDir, 'demo-season')
  await mkdir(dir, { recursive: true })
  const { services, house, close } = await createCertflow({
    ...config, worker: 'off', clock: { kind: 'fixed', at: Date.parse(season.clock) }, database: { ...config.database, url: `sqlite:${database}` },
  })
  try {
    const report = await setUp(house, house.options.definitions, [season.demo])
    if (report.problems.length > 0) throw new Error(report.problems.join('\n'))
    const { core } = house
    const world: World = {
      core, house, clock: house.options.clock as VirtualClock, programme: season.program, names: report.names.get(season.program) ?? new Map(), refs: new Map(), kept: new Map(), passwords: new Map(), tokens: new Map(), actor: null,
      operation: async (id, input, call) => (await house.operations.run(id, [{ key: `${id}/${house.options.clock.now()}`, input }], call))[0]!,
      drain: async () => { await house.jobs.drain() },
      putFile: (def, path, name, bytes) => putRecordFile(house, callOf(world), def, path, name, bytes),
    }
    const people = generatePeople({ seed: size.seed, count: size.candidates, school: season.people.school, region: season.people.region, idType: season.people.idType, majors: season.people.majors, enrolYears: season.people.enrolYears })
    const rooms = Math.ceil(size.candidates / SEATS_PER_ROOM)
    return { close, ctx: { services, world, dir, people, files: new Map(), seed: size.seed, kept, made: new Map(), numbers: { candidates: size.candidates, photos: size.photos, tickets: size.tickets, rooms, seats: SEATS_PER_ROOM } } }
  } catch (error) { await close(); throw error }
}
