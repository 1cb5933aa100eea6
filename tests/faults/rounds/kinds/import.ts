import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeCandidateSheet } from '#server/cli/demo/generator/index.ts'
import { readSheet } from '#server/runtime/records/excel/index.ts'
import { until } from '../wait.ts'
import { expected, LATE_MS, type Kind } from './kind.ts'
import { invent } from './people.ts'

// many batches, so that the next is under way while one is stored
const ROWS = 2_500
const BAD = 12
const TITLES = { name: '学生姓名*', namePinyin: '姓名拼音*', gender: '性别*', idType: '证件类型*', idNo: '证件号码*', mobile: '手机号码*', enrolYear: '入学年份*', majorLevel: '专业层次*', major: '就读专业*', majorCode: '专业代码*' }

/** A sheet of new candidates, uploaded by REST. */
export const imports: Kind = {
  name: 'import',
  async begin(site, round, random) {
    const table = site.def('candidate').table
    const path = join(site.dir, `round-${round}.xlsx`)
    await writeCandidateSheet(path, invent(10_000 + round * ROWS, ROWS, random.int(1, 1_000_000)), { titles: TITLES, seed: round, faults: { 'wrong-label': BAD } })
    const before = await site.count(`SELECT COUNT(*) AS n FROM ${table}`)
    const name = `round-${round}.xlsx`
    const jobs = () => site.house.db.all<{ state: string; ok: number; failed: number; file: number | string | null }>(
      `SELECT j.state AS state, i.ok_count AS ok, i.fail_count AS failed, i.fail_file AS file FROM imports i JOIN jobs j ON j.id = i.job_id JOIN files f ON f.id = i.source_file WHERE f.name = ? ORDER BY i.id`, [name])
    const asked = site.client.upload({ user: 'school.beike', entity: 'candidate', import: 'candidates', file: path, params: { kind: 'SCHOOL' } })
    const ended = async (): Promise<boolean> => { const found = await jobs(); return found.length > 0 && found.every((j) => ['done', 'failed', 'cancelled'].includes(j.state)) }
    return {
      jobs: ['transfer.import'],
      done: asked.then(() => until(ended, LATE_MS, `the import of round ${round}`)),
      async check() {
        const { ok, text } = await asked
        const found = await jobs()
        const rows = { taken: ok || text, added: await site.count(`SELECT COUNT(*) AS n FROM ${table}`) - before, people: await site.count(`SELECT COUNT(DISTINCT id_no_bix) AS n FROM ${table}`), all: await site.count(`SELECT COUNT(*) AS n FROM ${table}`) }
        const first = found[0]
        return [
          ...expected(`import ${round}`, rows, { taken: true, added: ROWS - BAD, people: rows.all }),
          ...expected(`import ${round}`, { states: found.map((j) => j.state), counted: found.map((j) => Number(j.ok) + Number(j.failed)) }, { states: found.map(() => 'done'), counted: found.map(() => ROWS) }),
          // where the web died under the upload it came twice, and the second found everybody there already
          ...(found.length === 1 && first ? expected(`import ${round}`, { ok: Number(first.ok), failed: Number(first.failed), told: await toldRows(site, first.file, round) }, { ok: ROWS - BAD, failed: BAD, told: BAD }) : []),
          ...expected(`import ${round}`, { left: await readdir(join(site.house.options.varDir, 'transfer')).catch(() => []) }, { left: [] }),
        ]
      },
    }
  },
}

/** Rows of the sheet that tells what was refused. */
async function toldRows(site: Parameters<Kind['begin']>[0], file: number | string | null, round: number): Promise<number> {
  if (file === null) return 0
  const path = join(site.dir, `refused-${round}.xlsx`)
  await writeFile(path, await site.house.files.read(String(file), 1e8))
  let rows = -1
  for await (const _ of readSheet(path)) rows++
  return rows
}
