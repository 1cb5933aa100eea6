import { join } from 'node:path'
import { generateSecrets } from '../platform/crypto.ts'
import { virtualClock } from '../platform/clock.ts'
import { silentLog, type Log } from '../platform/log.ts'
import { seededRandom } from '../platform/random.ts'
import { openHouse, type House } from '../house.ts'
import type { Definitions, Scenario } from '../runtime/definitions/index.ts'
import { install } from '../runtime/release/index.ts'
import { mortalDb, type MortalDb } from './mortal-db.ts'
import { putRecordFile } from './put-file.ts'
import { demoFile } from './sample-files.ts'
import { callOf, type World } from './world.ts'

export interface RunOptions { databaseUrl?: string; chromium?: string; stopAtFirst?: boolean; log?: Log }
/** A world, the database that may be killed under it, and how to go on after that. */
export interface OpenWorld { world: World; mortal(): MortalDb; /** the next process: opens the same database anew and takes up what the dead one left */ restart(): Promise<void>; problems: string[]; close(): Promise<void> }

/** "demo/one-province" and "one-province" name the same set. */
const demoSets = (scenario: Scenario): string[] => scenario.given.map((g) => g.replace(/^demo\//, ''))

/** What the scenario itself names and nobody defines; running it would only fail further on. */
export function unknownNames(scenario: Scenario, definitions: Definitions): string[] {
  const programmes = Object.keys(definitions.programmes)
  const sets = Object.keys(definitions.demos)
  return [
    ...(programmes.includes(scenario.program) ? [] : [`there is no programme "${scenario.program}"; use one of: ${programmes.join(', ')}`]),
    ...demoSets(scenario).filter((g) => !sets.includes(g)).map((g) => `there is no demo set "${g}"; use one of: ${sets.join(', ') || '(none)'}`),
    ...(Number.isFinite(Date.parse(scenario.clock)) ? [] : [`"${scenario.clock}" is no time; write one such as 2026-03-02T09:00+08:00`]),
  ]
}

/** A fresh database in a folder, with the scenario's demo sets. */
export async function openWorld(scenario: Scenario, definitions: Definitions, dir: string, options: RunOptions): Promise<OpenWorld> {
  const clock = virtualClock(Date.parse(scenario.clock))
  const secrets = generateSecrets()
  let mortal: MortalDb
  const open = (): Promise<House> => openHouse({
    databaseUrl: options.databaseUrl ?? `sqlite:${join(dir, 'scenario.sqlite')}`, varDir: dir, secrets, clock, log: options.log ?? silentLog(), definitions, zone: 'Asia/Shanghai',
    owner: `scenario ${process.pid}`, random: seededRandom(1), publicUrl: 'https://certflow.example.org', adapters: scenario.adapters ?? {}, ...(options.chromium ? { chromium: options.chromium } : {}),
    wrapDb: (db) => (mortal = mortalDb(db)).db,
  })
  let house = await open()
  const installed = await install(house.core.processes, definitions, (p) => house.core.system(p), demoSets(scenario), demoFile(house))
  const names = installed.names.get(scenario.program) ?? new Map<string, string>()
  const passwords = new Map(installed.passwords.filter((p) => p.programme === scenario.program).map((p) => [p.account, { user: names.get(`user.${p.user}`) ?? '', password: p.password }]))
  const world: World = {
    core: house.core, clock, house, programme: scenario.program, names, refs: new Map(), kept: new Map(), passwords, tokens: new Map(), actor: null,
    operation: async (id, input, call) => (await house.operations.run(id, [{ key: `${id}/${clock.now()}`, input }], call))[0]!,
    drain: async () => { await house.jobs.drain() },
    putFile: (def, path, name, bytes) => putRecordFile(house, callOf(world), def, path, name, bytes),
  }
  await world.drain()
  const restart = async (): Promise<void> => {
    await house.close()
    house = await open()
    Object.assign(world, { core: house.core, house })
    // nobody waits for the leases of a process that is known to be dead
    await house.db.run("UPDATE jobs SET lease_until = 0 WHERE state = 'running'")
    await world.drain()
  }
  return { world, mortal: () => mortal, restart, problems: installed.reports.flatMap((r) => r.problems), close: () => house.close() }
}
