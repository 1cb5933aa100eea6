import { createRequire } from 'node:module'
import type { stream } from 'exceljs'
import { check, timed } from '../harness/measure.ts'

const { default: excel } = { default: createRequire(import.meta.url)('exceljs') as { stream: typeof stream } }

/** exceljs streaming a file, every cell looked at and nothing kept. */
export default async function readByExceljs({ file, rows }: { file: string; rows: number }): Promise<{ ms: number; cpu: number }> {
  let [seen, letters] = [0, 0]
  const before = process.cpuUsage()
  const ms = await timed(async () => {
    const reader = new excel.stream.xlsx.WorkbookReader(file, { sharedStrings: 'cache', worksheets: 'emit', styles: 'cache', hyperlinks: 'ignore', entries: 'emit' })
    for await (const sheet of reader) for await (const row of sheet) { row.eachCell((cell) => { letters += cell.text.length }); seen++ }
  })
  const after = process.cpuUsage(before)
  check(seen === rows + 1 && letters > rows, `exceljs saw ${seen} rows`)
  return { ms, cpu: (after.user + after.system) / 1000 }
}
