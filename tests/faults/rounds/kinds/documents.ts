import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { take } from '#server/cli/refused.ts'
import { readArchive } from '#server/runtime/records/archive/index.ts'
import { runTimers } from '#server/runtime/process/index.ts'
import { pause, until } from '../wait.ts'
import { expected, LATE_MS, type Kind } from './kind.ts'
import { pool } from './people.ts'
import { seedEntries, seedPlan, seedRooms } from './plans.ts'

const DAY = 86_400_000
const MANY = 12

/** Admission tickets of a plan that is seated, as a package of single files. */
export const documents: Kind = {
  name: 'documents',
  async prepare(site) {
    const now = site.clock.now()
    await seedPlan(site, 'printed', { registrationEnd: now - DAY, seatingEnd: now + 60_000 })
    await seedRooms(site, 'printed', 2, 40)
    await seedEntries(site, 'printed', pool)
    const { house } = site
    await runTimers(house.core.processes, site.clock.now())
    const plan = site.id('exam-plan.printed')
    for (const button of ['arrange', 'finish']) {
      const pressed = take(await site.services.act(await site.actor('eval.itmc'), 'exam-plan', { button, ids: [plan] }))
      if (pressed.refused.length > 0) throw new Error(JSON.stringify(pressed.refused))
      // workers of the fleet may be at it
      await until(async () => { await house.jobs.drain(); return button === 'finish' || await site.count(`SELECT COUNT(*) AS n FROM tasks WHERE record_id = ? AND element = 'seat'`, [plan]) === 2 }, LATE_MS, 'the first plan to be seated')
    }
    // until seating is over tickets are not printed
    site.clock.advance(120_000)
    // others look at the shared clock four times a second
    await pause(500)
  },
  async begin(site, round) {
    const ids = Array.from({ length: MANY }, (_, n) => site.id(`entry.printed.${n}`))
    const { job } = take(await site.services.documents.start(await site.actor('school.beike'), 'entry', 'ticket', { ids }))
    const state = async (): Promise<string> => (await site.house.jobs.get(job)).state
    return {
      jobs: ['documents.print'],
      done: until(async () => ['done', 'failed', 'cancelled'].includes(await state()), LATE_MS, `the documents of round ${round}`),
      async check() {
        const view = await site.house.jobs.get(job)
        const result = view.result as { ok: number; failed: number; files: { id: string }[] } | null
        const made = result?.files[0] ? await unpacked(site.dir, await site.house.files.read(result.files[0].id, 1e8)) : 0
        return expected(`documents ${round}`, { state: view.state, error: view.error?.code, ok: result?.ok, failed: result?.failed, files: made, told: await site.count(`SELECT COUNT(*) AS n FROM audit WHERE action = 'document.make' AND detail LIKE ?`, [`%"${result?.files[0]?.id ?? '?'}"%`]) },
          { state: 'done', ok: MANY, failed: 0, files: MANY, told: 1 })
      },
    }
  },
}

/** Whole PDF files in a package. */
async function unpacked(dir: string, zip: Buffer): Promise<number> {
  const path = join(dir, 'tickets.zip')
  await writeFile(path, zip)
  let whole = 0
  for await (const item of readArchive(path)) {
    const bytes = await item.read()
    if (bytes.subarray(0, 5).toString() === '%PDF-' && bytes.subarray(-20).includes('%%EOF')) whole++
  }
  return whole
}
