import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase, type Db } from '#server/data/index.ts'
import { openHouse, type House, type HouseOptions } from '#server/house.ts'
import { virtualClock } from '#server/platform/clock.ts'
import { generateSecrets } from '#server/platform/crypto.ts'
import { silentLog } from '#server/platform/log.ts'
import { actorOf } from '#server/runtime/accounts/index.ts'
import type { Call } from '#server/runtime/context.ts'
import { loadDefinitions, type EntityDef } from '#server/runtime/definitions/index.ts'
import { work } from '#server/runtime/process/index.ts'
import { saveSet } from '#server/runtime/records/index.ts'
import { install } from '#server/runtime/release/index.ts'
import { DEFINITIONS } from './bpmn-engine.ts'
import { check } from './measure.ts'

const secrets = generateSecrets()
const START = Date.parse('2026-03-02T09:00+08:00')

/** A small office whose requests are reviewed: the process of the benchmarks over a real database, with rights and history. */
export interface Office {
  house: House
  def: EntityDef
  /** ids of new requests, waiting for their first outcome */
  create(count: number): Promise<string[]>
  /** takes an outcome for a set as one work step; throws unless all of them were done */
  press(who: 'clerk' | 'reviewer', button: string, ids: string[]): Promise<void>
  /** how many requests stand at a status */
  standing(status: string): Promise<number>
  close(): Promise<void>
}

export async function openOffice(url: string, dir: string, more: Partial<HouseOptions> = {}): Promise<Office> {
  const { definitions, findings } = await loadDefinitions({ roots: [DEFINITIONS] })
  if (findings.length) throw new Error(findings.map((f) => `${f.file}:${f.line}: ${f.message}`).join('\n'))
  const varDir = await mkdtemp(join(dir, 'office-'))
  const house = await openHouse({ databaseUrl: url, varDir, secrets, clock: virtualClock(START), log: silentLog(), definitions, zone: 'Asia/Shanghai', owner: varDir.slice(-60), poolSize: 16, ...more })
  const { core } = house
  const installed = await install(core.processes, definitions, (p) => core.system(p), ['town'])
  await house.jobs.drain()
  const names = installed.names.get('town')!
  const def = core.registry.entity('town', 'request')
  const calls = new Map<string, Call>()
  for (const who of ['clerk', 'reviewer']) {
    const actor = await actorOf(core.engine, 'town', { id: names.get(`user.${who}`)! })
    if (!actor) throw new Error(`${who} has no role`)
    calls.set(who, core.call(actor))
  }
  const branch = names.get('organisation.east')!
  return {
    house, def,
    async create(count) {
      const ids: string[] = []
      for (let at = 0; at < count; at += 1000) {
        const rows = Array.from({ length: Math.min(1000, count - at) }, (_, n) => ({ data: { name: `申请 ${at + n}`, branch, amount: ((at + n) % 1000) / 4, reason: '年度设备更新' } }))
        const saved = await saveSet(core.engine, core.system('town'), def, rows, { via: { kind: 'effect' } })
        check(saved.every((s) => s.problems.length === 0), saved.flatMap((s) => s.problems.map((p) => p.message))[0] ?? '')
        ids.push(...saved.map((s) => s.id))
      }
      return ids
    },
    async press(who, button, ids) {
      const result = await work(core.processes, calls.get(who)!, def, { button, ids })
      if (result.done.length !== ids.length) throw new Error(`${button}: ${result.done.length} of ${ids.length} done; ${result.refused[0]?.problems[0]?.message ?? ''}`)
    },
    standing: (status) => countAt(house.db, def, status),
    close: () => house.close(),
  }
}

const countAt = async (db: Db, def: EntityDef, status: string): Promise<number> => Number((await db.one<{ n: number }>(`SELECT COUNT(*) AS n FROM ${def.table} WHERE status = ?`, [status]))!.n)

/** As `standing`, of a database that nobody has open as an office. */
export async function standingIn(url: string, def: EntityDef, status: string): Promise<number> {
  const db = await openDatabase({ url, poolSize: 1 })
  try { return await countAt(db, def, status) } finally { await db.close() }
}
