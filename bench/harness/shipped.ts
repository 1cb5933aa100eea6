import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { composeServices } from '#server/compose.ts'
import { openHouse, type House, type HouseOptions } from '#server/house.ts'
import { virtualClock, type VirtualClock } from '#server/platform/clock.ts'
import { generateSecrets, type Secrets } from '#server/platform/crypto.ts'
import { silentLog } from '#server/platform/log.ts'
import { actorOf } from '#server/runtime/accounts/index.ts'
import { loadDefinitions, type EntityDef } from '#server/runtime/definitions/index.ts'
import { install } from '#server/runtime/release/index.ts'
import type { Actor, Services } from '#server/services.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What a benchmark needs to know of the shipped demo set: everything that names something of a programme stands in its file. */
export interface Shipped {
  house: House
  services: Services
  clock: VirtualClock
  secrets: Secrets
  dir: string
  /** "user.school" -> id, of the demo set's records */
  id(name: string): string
  def(entity: string): EntityDef
  actor(user: string): Promise<Actor>
  close(): Promise<void>
}

export interface ShippedOptions { url: string; dir: string; programme: string; demo: string; now: string; secrets?: Secrets; house?: Partial<HouseOptions> }

/** The shipped definitions with their demo set, behind the same services as the pages use. */
export async function openShipped({ url, dir, programme, demo, now, secrets = generateSecrets(), house: more = {} }: ShippedOptions): Promise<Shipped> {
  const { definitions } = await loadDefinitions({ roots: [ROOT] })
  const varDir = await mkdtemp(join(dir, 'shipped-'))
  const clock = virtualClock(Date.parse(now))
  const house = await openHouse({ databaseUrl: url, varDir, secrets, clock, log: silentLog(), definitions, zone: 'Asia/Shanghai', owner: varDir.slice(-60), ...more })
  const { core } = house
  const { names } = await install(core.processes, definitions, (p) => core.system(p), [demo])
  const services = composeServices(house)
  await house.jobs.drain()
  const own = names.get(programme)
  const id = (name: string): string => { const found = own?.get(name); if (!found) throw new Error(`the demo set has no ${name}`); return found }
  return {
    house, services, clock, secrets, dir: varDir, id,
    def: (entity) => core.registry.entity(programme, entity),
    async actor(user) {
      const actor = await actorOf(core.engine, programme, { id: id(`user.${user}`) })
      if (!actor) throw new Error(`${user} has no role`)
      return actor
    },
    close: () => house.close(),
  }
}
