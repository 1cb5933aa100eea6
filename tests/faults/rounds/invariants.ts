import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { auditOf } from '#server/compose.ts'
import { hasEnded } from '#server/platform/process-mark.ts'
import { expected } from './kinds/kind.ts'
import type { Site } from './site.ts'
import { until } from './wait.ts'

/** What must hold for the whole installation whenever everything has come to rest. */
export const checkWhole = async (site: Site): Promise<string[]> => {
  const { db } = site.house
  // waiting for their time, such as a repetition, is not stuck; nothing fails here that should not
  const active = () => site.count(`SELECT COUNT(*) AS n FROM jobs WHERE state = 'running' OR (state = 'queued' AND run_at <= ?)`, [site.clock.now()])
  const stuck = await until(async () => await active() === 0, 60_000, 'the queue to become empty').then(() => [], async (e: Error) => [`${e.message}: ${JSON.stringify(await db.all(`SELECT type, state, attempts, error FROM jobs WHERE state IN ('queued', 'running')`))}`])
  const numbers = await site.house.db.all<{ code: string }>(`SELECT certificate_code AS code FROM ${site.def('issuance').table} WHERE certificate_code IS NOT NULL ORDER BY certificate_code`)
  const last = numbers.map((n) => Number(n.code.slice(-6)))
  const candidates = site.def('candidate').table
  return [
    ...stuck,
    ...expected('jobs', { failed: await db.all(`SELECT type, error FROM jobs WHERE state IN ('failed', 'cancelled')`) }, { failed: [] }),
    ...expected('incidents', { open: await db.all('SELECT element, code, message FROM incidents WHERE resolved_at IS NULL') }, { open: [] }),
    ...expected('tasks', { doubled: await db.all('SELECT instance_id, token, element, COUNT(*) AS n FROM tasks WHERE completed_at IS NULL GROUP BY instance_id, token, element HAVING COUNT(*) > 1') }, { doubled: [] }),
    ...expected('certificate numbers', { first: last[0], withoutGapTo: last.at(-1) }, last.length ? { first: 1, withoutGapTo: last.length } : {}),
    ...expected('candidate numbers', { doubled: await db.all(`SELECT number, COUNT(*) AS n FROM ${candidates} WHERE number IS NOT NULL GROUP BY number HAVING COUNT(*) > 1`) }, { doubled: [] }),
    ...expected('process', { calls: await site.count('SELECT COUNT(*) AS n FROM process_calls'), staged: await site.count('SELECT COUNT(*) AS n FROM process_rows') }, { calls: 0, staged: 0 }),
    ...expected('leftovers', { transfer: await names(join(site.house.options.varDir, 'transfer')), drafts: await names(join(site.house.options.varDir, 'files', 'incoming')), browsers: await deadBrowsers() }, { transfer: [], drafts: [], browsers: [] }),
  ]
}

/** Every change has its sealed entry, whoever died while it was written. */
export const checkAudit = async (site: Site): Promise<string[]> => {
  const audit = auditOf(site.house)
  await audit.seal()
  return expected('audit', { chain: (await audit.verifyChain()).ok }, { chain: true })
}

const names = (dir: string): Promise<string[]> => readdir(dir).catch(() => [])
const deadBrowsers = async (): Promise<string[]> => {
  const found = (await names(tmpdir())).filter((name) => name.startsWith('certflow-chromium-') && hasEnded(name.slice('certflow-chromium-'.length, name.lastIndexOf('.'))))
  return found.length > 2 ? found : [] // those of the last ones killed go when somebody prints again
}
