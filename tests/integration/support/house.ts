import { openHouse, type House, type HouseOptions } from '#server/house.ts'
import { virtualClock, type VirtualClock } from '#server/platform/clock.ts'
import { generateSecrets, type Secrets } from '#server/platform/crypto.ts'
import { silentLog } from '#server/platform/log.ts'
import { actorOf } from '#server/runtime/accounts/index.ts'
import type { Call } from '#server/runtime/context.ts'
import { loadDefinitions, type Definitions, type EntityDef } from '#server/runtime/definitions/index.ts'
import { install, type SeedNames } from '#server/runtime/release/index.ts'
import { testDatabase } from './database.ts'

const ROOT = new URL('../../..', import.meta.url).pathname
let loaded: Promise<Definitions> | undefined
/** The shipped definitions, read once per test file. */
export const shippedDefinitions = (): Promise<Definitions> => (loaded ??= loadDefinitions({ roots: [ROOT] }).then((r) => r.definitions))

export interface TestHouse {
  house: House
  clock: VirtualClock
  programme: string
  /** "exam-plan.plan2026", "user.school.beike" -> id */
  names: SeedNames
  dir: string
  url: string
  secrets: Secrets
  def(entity: string): EntityDef
  /** the call of a demo user now, in the first or the given role */
  as(user: string, role?: string): Promise<Call>
  close(): Promise<void>
}
export interface TestHouseOptions { demo?: string[]; programme?: string; now?: string; house?: Partial<HouseOptions> }

/** A house of its own with the shipped definitions, installed with the named demo sets, on a clock that stands still; on the server named by CERTFLOW_TEST_MYSQL when there is one. */
export async function testHouse(options: TestHouseOptions = {}): Promise<TestHouse> {
  const { demo = ['one-province'], programme = 'itmc-digital-marketing', now = '2026-05-06T10:00+08:00' } = options
  const database = await testDatabase()
  const { dir, url } = database
  const clock = virtualClock(Date.parse(now))
  const definitions = await shippedDefinitions()
  const secrets = generateSecrets()
  const house = await openHouse({ databaseUrl: url, varDir: dir, secrets, clock, log: silentLog(), definitions, zone: 'Asia/Shanghai', owner: `test ${process.pid}`, ...options.house })
  const { names } = await install(house.core.processes, definitions, (p) => house.core.system(p), demo)
  await house.jobs.drain()
  const own = names.get(programme) ?? new Map<string, string>()
  return {
    house, clock, programme, names: own, dir, url, secrets,
    def: (entity) => house.core.registry.entity(programme, entity),
    async as(user, role) {
      const id = own.get(`user.${user}`)
      const actor = id ? await actorOf(house.core.engine, programme, { id }, role ? { role } : {}) : null
      if (!actor) throw new Error(`no demo user ${user}`)
      return house.core.call(actor)
    },
    close: async () => { await house.close(); await database.close() },
  }
}
