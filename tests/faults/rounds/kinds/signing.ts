import { take } from '#server/cli/refused.ts'
import { sharp } from '#server/platform/pictures.ts'
import type { Site } from '../site.ts'
import { until } from '../wait.ts'
import { expected, LATE_MS, type Kind } from './kind.ts'
import { pool } from './people.ts'
import { seedEntries, seedPlan } from './plans.ts'

const DAY = 86_400_000
const MANY = 10
const drawing = (): Promise<Buffer> => sharp(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="600" height="240"><path d="M60 150 C 120 40 160 220 220 110 S 330 60 360 150 S 460 210 540 90" fill="none" stroke="#112" stroke-width="7" stroke-linecap="round"/></svg>')).png().toBuffer()

/** A set is signed by both sides and issued: numbered, printed, sealed and told. */
export const signing: Kind = {
  name: 'signing',
  async begin(site, round) {
    const name = `i${round}`
    const now = site.clock.now()
    await seedPlan(site, name, { registrationEnd: now - 40 * DAY, seatingEnd: now - 30 * DAY, publicityEnd: now - DAY })
    const people = pool.slice(0, MANY)
    await seedEntries(site, name, people, { score: 90 })
    await site.seed('issuance', ['candidate', 'certificate', 'plan'], Object.fromEntries(people.map((who, n) => [`${name}.${n}`, { entry: `$entry.${name}.${n}`, candidate: `$candidate.${who}`, certificate: '$certificate.mid', plan: `$exam-plan.${name}` }])))
    const ids = people.map((_, n) => site.id(`issuance.${name}.${n}`))
    const { table } = site.def('issuance')
    const where = `id IN (${ids.map(() => '?').join(',')})`
    const at = (status: string) => async (): Promise<boolean> => await site.count(`SELECT COUNT(*) AS n FROM ${table} WHERE status = ? AND ${where}`, [status, ...ids]) === MANY
    const status = async (): Promise<string> => JSON.stringify(await site.house.db.all(`SELECT status, COUNT(*) AS n FROM ${table} WHERE ${where} GROUP BY status`, ids))
    const late = (what: string) => async (so: () => Promise<boolean>): Promise<void> => { try { await until(so, LATE_MS, what) } catch (e) { throw new Error(`${(e as Error).message}; they are ${await status()}`) } }
    const work = async (): Promise<void> => {
      await press(site, 'eval.itmc', 'confirm', ids, true)
      await late('the first signature')(at('SITE_PENDING'))
      await press(site, 'school.beike', 'confirm', ids, true)
      await late('the second signature')(at('PENDING_ISSUE'))
      await press(site, 'eval.itmc', 'issueElectronic', ids, false)
      await late('certificates')(at('ISSUED'))
    }
    return {
      jobs: ['process.operation'],
      done: work(),
      async check() {
        const history = (element: string, outcome: string) => site.count(`SELECT COUNT(*) AS n FROM (SELECT record_id FROM history WHERE element = ? AND outcome = ? AND record_id IN (${ids.map(() => '?').join(',')})
          UNION ALL SELECT m.record_id FROM history_set_members m JOIN history_sets s ON s.id = m.set_id WHERE s.element = ? AND s.outcome = ? AND m.record_id IN (${ids.map(() => '?').join(',')})) e`, [element, outcome, ...ids, element, outcome, ...ids])
        const rows = await site.house.db.all<{ id: number | string; code: string; file: number | string | null }>(`SELECT id, certificate_code AS code, ${await fileColumn(site)} AS file FROM ${table} WHERE ${where}`, ids)
        let whole = 0
        for (const r of rows) if ((await site.house.files.read(String(r.file), 20_000_000)).subarray(0, 5).toString() === '%PDF-') whole++
        return expected(`signing ${round}`, {
          organisation: await history('orgSign', 'confirm'), school: await history('siteSign', 'confirm'), issued: await history('ready', 'issueElectronic'), stamped: await history('stamp', 'done'),
          codes: new Set(rows.map((r) => r.code)).size, files: whole,
          waiting: await site.count(`SELECT COUNT(*) AS n FROM process_calls c JOIN process_instances p ON p.id = c.instance_id WHERE p.record_id IN (${ids.map(() => '?').join(',')})`, ids),
        }, { organisation: MANY, school: MANY, issued: MANY, stamped: MANY, codes: MANY, files: MANY, waiting: 0 })
      },
    }
  },
}

/** Signs, where that is asked for, and presses. */
async function press(site: Site, user: string, button: string, ids: string[], signed: boolean): Promise<void> {
  const actor = await site.actor(user)
  let signature: string | undefined
  if (signed) {
    const begun = take(await site.services.signatures.begin(actor, { entity: 'issuance', button, ids }))
    take(await site.services.signatures.draw(begun.signature.code, await drawing(), 'rounds'))
    signature = begun.signature.code
  }
  const { ok, text, tries } = await site.client.press({ user, entity: 'issuance', button, ids, ...(signature ? { signature } : {}) })
  // asked twice, the first may have done it although its answer was lost
  if (!ok && tries === 1) throw new Error(`${button} was answered ${text.slice(0, 500)}`)
}

async function fileColumn(site: Site): Promise<string> {
  const def = site.def('issuance')
  const column = def.properties['file']?.column
  return column ? column.name : (site.house.db.dialect.name === 'sqlite' ? `json_extract(data, '$.file')` : `JSON_UNQUOTE(JSON_EXTRACT(data, '$.file'))`)
}
