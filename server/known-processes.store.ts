import type { Db } from './data/index.ts'
import { buildId } from './platform/build-id.ts'
import type { ReadyProcesses } from './runtime/process/index.ts'

const NAME = 'processes.compiled'
interface Kept { build: string; processes: ReadyProcesses }

/** Processes by the hash of their text, as this very product compiled them at an earlier start; none where the product may change by itself. */
export async function keptProcesses(db: Db): Promise<ReadyProcesses> {
  const build = buildId()
  const row = build === null ? undefined : await db.one<{ value: string }>('SELECT value FROM settings WHERE name = ?', [NAME])
  const kept = row ? JSON.parse(row.value) as Kept : null
  return kept?.build === build ? kept.processes : {}
}

export async function keepProcesses(db: Db, processes: ReadyProcesses, now: number): Promise<void> {
  const build = buildId()
  if (build === null) return
  await db.insertMany('settings', ['name', 'value', 'updated_at'], [[NAME, JSON.stringify({ build, processes } satisfies Kept), now]], { onConflict: { keys: ['name'], update: ['value', 'updated_at'] } })
}
