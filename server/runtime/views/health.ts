import type { ViewParts } from './parts.ts'

export interface Check { name: string; ok: boolean; detail: string }
/** Database, queue, audit seal and what the process knows of itself. */
export async function checkHealth(parts: ViewParts, more: () => Promise<Check[]> | Check[]): Promise<{ ok: boolean; checks: Check[] }> {
  const { db, clock } = parts.core.engine
  const tried = async (name: string, run: () => Promise<string>): Promise<Check> => {
    try { return { name, ok: true, detail: await run() } } catch (e) { return { name, ok: false, detail: e instanceof Error ? e.message : String(e) } }
  }
  const checks = [
    await tried('database', async () => { await db.one('SELECT 1 AS one'); return db.dialect.name }),
    await tried('queue', async () => {
      const row = await db.one<{ waiting: number; oldest: number | null }>("SELECT COUNT(*) AS waiting, MIN(run_at) AS oldest FROM jobs WHERE state = 'queued' AND run_at <= ?", [clock.now()])
      const late = row?.oldest == null ? 0 : clock.now() - Number(row.oldest)
      if (late > 15 * 60_000) throw new Error(`${Number(row!.waiting)} jobs wait, the oldest for ${Math.round(late / 60_000)} minutes: is a worker running?`)
      return `${Number(row?.waiting ?? 0)} waiting`
    }),
    await tried('incidents', async () => `${Number((await db.one<{ n: number }>('SELECT COUNT(*) AS n FROM incidents WHERE resolved_at IS NULL'))?.n ?? 0)} open`),
    ...(await more()),
  ]
  return { ok: checks.every((c) => c.ok), checks }
}
