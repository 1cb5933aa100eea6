import { join } from 'node:path'
import { generateSecrets } from '#server/platform/crypto.ts'
import { importRowsNow } from '#server/runtime/transfer/index.ts'
import { apart } from './harness/apart.ts'
import { copies, storedRow } from './harness/fill.ts'
import { check, inTurns, median } from './harness/measure.ts'
import { people } from './harness/people.ts'
import { DEMO, SCHOOL } from './harness/school.ts'
import { openShipped } from './harness/shipped.ts'
import type { Benchmark, Figure } from './harness/types.ts'

interface Took { ms: number; cpu: number; peakMb: number; columns: number; bytes: number }

const benchmark: Benchmark = {
  title: 'Every row of a list to a workbook, with references, states and personal numbers, against exceljs streaming constants',
  async run(ctx) {
    const rows = ctx.size(100_000)
    const secrets = generateSecrets()
    const figures: Figure[] = []
    for (const { kind, url } of await ctx.databases()) {
      const s = await openShipped({ url, dir: ctx.dir, ...DEMO, secrets })
      const call = s.house.core.call(await s.actor(SCHOOL))
      const [one] = people(1)
      check(one !== undefined, 'nobody was made up')
      const row = { 学生姓名: one.name, 姓名拼音: one.namePinyin, 性别: one.gender, 证件类型: '身份证', 证件号码: one.idNo, 手机号码: one.mobile, 入学年份: '2025', 专业层次: '高职专科', 就读专业: '市场营销', 专业代码: '530605' }
      const def = s.def('candidate')
      const stored = await importRowsNow(s.house, call, def, 'candidates', { kind: 'SCHOOL' }, [row])
      check(stored.ok === 1, JSON.stringify(stored))
      const newest = await s.house.db.one<{ id: number }>(`SELECT MAX(id) AS id FROM ${def.table}`)
      const template = await storedRow(s.house.db, def.table, String(newest!.id))
      ctx.say(`${kind}: making ${rows} rows`)
      // sealed values are bound to their row: each copy gets its own
      const { sealing } = s.house.core.engine
      const sealed = (path: string, plain: string, id: number): string => sealing.seal(plain, { table: def.table, column: path, row: String(id) })
      await copies(s.house.db, def.table, template, rows, (n) => {
        const id = 900_000_000_000_000 + n
        return { id, created_at: 1_700_000_000_000 + n, number: `B${n}`, id_no_enc: sealed('id_no', one.idNo, id), mobile_enc: sealed('mobile', one.mobile, id) }
      })
      await s.close()
      let last: Took | undefined
      const cpu = { ours: [] as number[], theirs: [] as number[] }
      const ms = await inTurns(ctx.rounds,
        async () => { last = await apart<Took>('export-here', { url, dir: ctx.dir, secrets, rows }); cpu.ours.push(last.cpu); return last.ms },
        async () => { const took = await apart<Took>('write-by-exceljs', { file: join(ctx.dir, 'constants.xlsx'), rows, columns: last!.columns }); cpu.theirs.push(took.cpu); return took.ms })
      figures.push({ id: `export-${kind}`, what: `${rows} rows`, on: kind, value: ms.ratio, unit: '×', goal: { atMost: 1.4 }, behind: `${(ms.ours / 1000).toFixed(1)} s against ${(ms.theirs / 1000).toFixed(1)} s; processor ${(median(cpu.ours) / 1000).toFixed(1)} s against ${(median(cpu.theirs) / 1000).toFixed(1)} s; ${last!.columns} columns, ${last!.peakMb.toFixed(0)} MB at most` })
    }
    return figures
  },
}
export default benchmark
