import { createRequire } from 'node:module'
import type { stream } from 'exceljs'
import { timed } from '../harness/measure.ts'

const excel = createRequire(import.meta.url)('exceljs') as { stream: typeof stream }

/** exceljs streaming a workbook of constants: as many rows and columns, texts as long, nothing computed. */
export default async function writeByExceljs({ file, rows, columns }: { file: string; rows: number; columns: number }): Promise<{ ms: number; cpu: number }> {
  const constant = Array.from({ length: columns }, (_, n) => (n % 3 === 0 ? '110105199001011234' : n % 3 === 1 ? '市场营销' : '北科示范职业学院'))
  const before = process.cpuUsage()
  const ms = await timed(async () => {
    const book = new excel.stream.xlsx.WorkbookWriter({ filename: file, useStyles: false, useSharedStrings: false })
    const sheet = book.addWorksheet('1')
    for (let n = 0; n < rows; n++) {
      sheet.addRow(constant).commit()
      if (n % 2000 === 0) await new Promise((resolve) => { setImmediate(resolve) })
    }
    sheet.commit()
    await book.commit()
  })
  const after = process.cpuUsage(before)
  return { ms, cpu: (after.user + after.system) / 1000 }
}
