import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openHouse, type House } from '#server/house.ts'
import { generateSecrets, type Secrets } from '#server/platform/crypto.ts'
import { silentLog } from '#server/platform/log.ts'
import { seededRandom } from '#server/platform/random.ts'
import { virtualClock, type VirtualClock } from '#server/platform/clock.ts'
import { actorOf } from '#server/runtime/accounts/index.ts'
import type { Call } from '#server/runtime/context.ts'
import type { OperationOutcome } from '#server/runtime/contracts.ts'
import { loadDefinitions, type EntityDef } from '#server/runtime/definitions/index.ts'
import { nextDue, runTimers, work, type WorkResult } from '#server/runtime/process/index.ts'
import { factsFor, feelToJson, isRow, rowScope, saveSet, type Draft, type RecordData } from '#server/runtime/records/index.ts'
import { install } from '#server/runtime/release/index.ts'
import { testDatabase, type TestDatabase } from '../../integration/support/database.ts'

export const ROOT = join(import.meta.dirname, '../../fixtures/library')
const START = Date.parse('2026-03-02T09:00+08:00')
type Operation = (inputs: { key: string; input: Record<string, unknown> }[]) => OperationOutcome[]

/** The small town library, installed with its demo set in a fresh database: what tests of the engine need. */
export interface Library {
  house: House
  clock: VirtualClock
  database: TestDatabase
  secrets: Secrets
  root: string
  /** what service tasks call; tests put their own in */
  operations: Record<string, Operation>
  names: Map<string, string>
  as(name: string): Promise<Call>
  def(name: string): EntityDef
  id(name: string): string
  /** creates one record as a person; the draft carries the problems */
  create(who: string, entity: string, data: RecordData): Promise<Draft>
  edit(who: string, entity: string, id: string, data: RecordData, rev?: number): Promise<Draft>
  press(who: string, entity: string, button: string, ids: string[], more?: { comment?: string; input?: never }): Promise<WorkResult>
  read(entity: string, id: string, path: string): Promise<unknown>
  drain(): Promise<void>
  /** time goes on, what falls due happens on the way */
  advance(ms: number): Promise<void>
  close(): Promise<void>
}
export const messages = (d: Pick<Draft, 'problems'>): string[] => d.problems.map((p) => p.message)

export async function openLibrary(options: { root?: string } = {}): Promise<Library> {
  const database = await testDatabase({ migrate: false })
  const root = await mkdtemp(join(tmpdir(), 'certflow-library-'))
  await cp(options.root ?? ROOT, root, { recursive: true })
  const { definitions, findings } = await loadDefinitions({ roots: [root] })
  if (findings.length) throw new Error(findings.map((f) => `${f.file}:${f.line}: ${f.message}`).join('\n'))
  const clock = virtualClock(START)
  const secrets = generateSecrets()
  const house = await openHouse({ databaseUrl: database.url, varDir: database.dir, secrets, clock, log: silentLog(), definitions, zone: 'Asia/Shanghai', owner: 'test', random: seededRandom(7) })
  const operations: Record<string, Operation> = {}
  house.operations.run = (id, inputs) => Promise.resolve(operations[id] ? operations[id](inputs) : inputs.map(() => ({ ok: true, output: {} })))
  const { core } = house
  const installed = await install(core.processes, definitions, (p) => core.system(p), ['town'])
  const problems = installed.reports.flatMap((r) => r.problems)
  if (problems.length) throw new Error(problems.join('\n'))
  const names = installed.names.get('town')!
  const id = (name: string): string => { const found = names.get(name); if (!found) throw new Error(`no seed is called ${name}`); return found }
  const as = async (name: string): Promise<Call> => { const actor = await actorOf(core.engine, 'town', { id: id(`user.${name}`) }); if (!actor) throw new Error(`${name} has no role`); return core.call(actor) }
  const def = (name: string): EntityDef => core.registry.entity('town', name)
  const drain = async (): Promise<void> => { await house.jobs.drain() }
  return {
    house, clock, database, secrets, root, operations, names, as, def, id, drain,
    create: async (who, entity, data) => (await saveSet(core.engine, await as(who), def(entity), [{ data }], { via: { kind: 'user' } }))[0]!,
    edit: async (who, entity, record, data, rev) => (await saveSet(core.engine, await as(who), def(entity), [{ id: record, data, ...(rev === undefined ? {} : { rev }) }], { via: { kind: 'user' } }))[0]!,
    press: async (who, entity, button, ids, more = {}) => work(core.processes, await as(who), def(entity), { button, ids, ...more }),
    async read(entity, record, path) {
      const loader = factsFor(core.engine, core.system('town'))
      const row = { $: 'row', entity: def(entity).id, id: record } as const
      const v = await loader.settle(() => core.registry.expression('town', path, rowScope(def(entity))).evaluate(loader.scope({ record: row, item: row })))
      return isRow(v) ? v.id : feelToJson(v)
    },
    async advance(ms) {
      const target = clock.now() + ms
      for (let due = await nextDue(core.processes); due !== null && due <= target; due = await nextDue(core.processes)) {
        if (due > clock.now()) clock.set(due)
        await runTimers(core.processes, clock.now())
        await drain()
      }
      clock.set(target)
      await drain()
    },
    async close() { await house.close(); await database.close(); await rm(root, { recursive: true, force: true }) },
  }
}
