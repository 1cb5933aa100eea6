import type { Dict, ImportColumn } from '#server/runtime/definitions/model.ts'
import type { SheetRow } from '../read/cell.ts'
import { readSheet, visibleSheets } from '../read/read-sheet.ts'
import type { ReadOptions } from '../read/read-sheet.ts'
import { HEADER_ROWS, mapHeader } from './map-header.ts'
import type { HeaderProblem } from './map-header.ts'

/** Whether the sheet has the header and at least one row below it. */
const hasData = async (path: string, sheet: string, columns: Dict<ImportColumn>, options: ReadOptions): Promise<boolean> => {
  const head: SheetRow[] = []
  let below = 0
  for await (const row of readSheet(path, { ...options, sheet })) {
    if (row.row <= HEADER_ROWS) head.push(row)
    else below = row.row
    if (below > 0 || head.length >= HEADER_ROWS) break
  }
  const header = mapHeader(head, columns)
  return header.ok && (below > 0 || head.some((row) => row.row > header.row))
}

/** Only the first sheet that people see is read: rows on another one must not get lost in silence. Null when there are none. */
export const dataOnOtherSheets = async (path: string, columns: Dict<ImportColumn>, options: ReadOptions): Promise<HeaderProblem | null> => {
  const [first = '', ...others] = await visibleSheets(path, options)
  for (const sheet of others) {
    if (!(await hasData(path, sheet, columns, options))) continue
    return { code: 'more-sheets', person: `工作表“${sheet}”里有数据，但只有第一个工作表“${first}”会被读取。请把数据放到第一个工作表里，或分成几个文件上传。` }
  }
  return null
}
