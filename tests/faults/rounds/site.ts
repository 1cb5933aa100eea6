import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createCertflow, type House, type Services } from '#server/index.ts'
import { setUp } from '#server/cli/set-up.ts'
import { demoFile, sampleBytes } from '#server/scenarios/sample-files.ts'
import { loadConfig } from '#server/platform/config.ts'
import { sharedClock, type SharedClock } from '#server/platform/shared-clock.ts'
import { actorOf } from '#server/runtime/accounts/index.ts'
import type { Actor } from '#server/runtime/context.ts'
import type { EntityDef, SeedRecords } from '#server/runtime/definitions/index.ts'
import { placeAt } from '#server/runtime/process/index.ts'
import { seedRecords, type SeedNames } from '#server/runtime/release/index.ts'
import { saveSet } from '#server/runtime/records/index.ts'
import { take } from '#server/cli/refused.ts'
import { createFleet, type Fleet, type Part } from './fleet.ts'
import { restClient, servicesClient, type Client } from './client.ts'

const PROGRAMME = 'itmc-digital-marketing'
const BEGIN = '2026-05-06T10:00+08:00'

/** A running installation and a look into it from a process of its own that is never killed. */
export interface Site {
  house: House
  services: Services
  clock: SharedClock
  dir: string
  names: SeedNames
  fleet: Fleet
  client: Client
  actor(user: string): Promise<Actor>
  def(entity: string): EntityDef
  /** records as a seed file has them: names of records, references by name, a status that they are brought to */
  seed(entity: string, key: string[], records: SeedRecords['records']): Promise<void>
  id(name: string): string
  count(sql: string, params?: (string | number)[]): Promise<number>
  close(): Promise<void>
}
export interface SiteOptions { dir: string; /** where the installation keeps everything; default below dir */ varDir?: string; databaseUrl?: string | undefined; queueUrl?: string | undefined; parts: Part[] }

/** Sets up the demo province on a clock that goes on from its first day, then starts the processes. */
export const openSite = async ({ dir, varDir = join(dir, 'var'), databaseUrl, queueUrl, parts }: SiteOptions): Promise<Site> => {
  mkdirSync(varDir, { recursive: true })
  const env = { CERTFLOW_VAR: varDir, CERTFLOW_CLOCK: 'shared', CERTFLOW_LOG: 'error', ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}), ...(queueUrl ? { QUEUE_URL: queueUrl } : {}) }
  const clock = sharedClock(join(varDir, 'clock.json'))
  clock.advance(Date.parse(BEGIN) - clock.now())
  const { services, house, close } = await createCertflow({ ...loadConfig({ ...env, NODE_ENV: 'production' }), worker: 'off' })
  const report = await setUp(house, house.options.definitions, ['one-province'])
  if (report.problems.length > 0) throw new Error(report.problems.join('\n'))
  const names = report.names.get(PROGRAMME)!
  const { core } = house
  const id = (name: string): string => {
    const found = names.get(name)
    if (!found) throw new Error(`nothing is called ${name}`)
    return found
  }
  const actor = async (user: string): Promise<Actor> => (await actorOf(core.engine, PROGRAMME, { id: id(`user.${user}`) }))!
  const tokens = new Map<string, string>()
  const token = async (user: string): Promise<string> => {
    if (!tokens.has(user)) tokens.set(user, take(await services.api!.tokens.create(await actor(user), { title: 'rounds', scope: 'write', days: 300 })).token)
    return tokens.get(user)!
  }
  const fleet = createFleet(env, dir)
  const def = (entity: string): EntityDef => core.registry.entity(PROGRAMME, entity)
  await uploadSeals(house, def('core/organisation'), id)
  if (parts.length > 0) await fleet.start(parts)
  return {
    house, services, clock, dir, names, fleet, client: parts.some((p) => p !== 'worker') ? restClient(fleet.webs, token) : servicesClient(services, actor), actor, def, id,
    async seed(entity, key, records) {
      const seeded = await seedRecords(core.engine, core.system(PROGRAMME), [{ entity, file: 'rounds', key, records }], names, (call, d, record, status) => placeAt(core.processes, call, d, record, status), demoFile(house))
      if (seeded.problems.length > 0) throw new Error(seeded.problems.join('\n'))
    },
    count: async (sql, params = []) => Number((await house.db.one<{ n: number | string | null }>(sql, params))?.n ?? 0),
    async close() { await fleet.stop(); await close() },
  }
}

/** What a certificate cannot be printed without. */
async function uploadSeals(house: House, organisation: EntityDef, id: (name: string) => string): Promise<void> {
  const { core, files } = house
  const put = async (name: string): Promise<string> => {
    const { bytes } = await sampleBytes(name)
    return (await files.put(bytes, { kind: 'seal', name, mime: 'image/png', maxBytes: 10_000_000, encrypt: true })).id
  }
  const round = await put('seal-400x400.png')
  const [signs, signsToo] = [await put('seal-95x95.png'), await put('seal-95x95.png')]
  const saved = await saveSet(core.engine, core.system(PROGRAMME), organisation, [
    { id: id('organisation.itmc'), data: { officialSeal: round, signatureSeal: signs } }, { id: id('organisation.beike'), data: { signatureSeal: signsToo } },
  ], { via: { kind: 'effect' } })
  const problems = saved.flatMap((d) => d.problems.map((p) => p.message))
  if (problems.length > 0) throw new Error(problems.join('\n'))
}
