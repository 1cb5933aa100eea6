import type { JsonObject } from '#app/gateway/contracts.server.ts'

export interface TableColumn { id: string; title: string; type: 'text' | 'number' | 'integer' | 'boolean' | 'choice'; options?: { value: string; label: string }[]; readOnly?: boolean }

/** Cells of a clipboard text as spreadsheets write it: tabs and line ends, quoted cells with doubled quotes. */
export const parseTsv = (text: string): string[][] => {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  const endCell = (): void => {
    rows.at(-1)?.push(cell)
    cell = ''
  }
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (quoted) {
      if (character !== '"') cell += character
      else if (text[i + 1] === '"') cell += text[++i]
      else quoted = false
    } else if (character === '"' && cell === '') quoted = true
    else if (character === '\t') endCell()
    else if (character === '\n') {
      endCell()
      rows.push([])
    } else if (character !== '\r') cell += character
  }
  endCell()
  const last = rows.at(-1)
  if (rows.length > 1 && last?.length === 1 && last[0] === '') rows.pop()
  return rows
}

const YES = new Set(['是', '√', 'true', '1', 'yes', 'y'])

/** A typed or pasted text as the column's value; a text that does not fit stays text, so that the check can name it. */
export const toCellValue = (text: string, column: TableColumn): string | number | boolean | undefined => {
  const clean = text.trim()
  if (clean === '') return undefined
  if (column.type === 'boolean') return YES.has(clean.toLowerCase())
  if (column.type === 'choice') return column.options?.find((option) => option.label === clean || option.value === clean)?.value ?? clean
  if (column.type === 'text') return text
  const value = Number(clean.replace(/[,，]/g, ''))
  return Number.isFinite(value) ? value : clean
}

/** Writes pasted cells into the rows from (row, column) on; rows are added up to `max`, read-only columns are passed over. */
export const pasteInto = (rows: JsonObject[], columns: TableColumn[], at: { row: number; column: number }, cells: string[][], max = Infinity): JsonObject[] => {
  const next = [...rows]
  cells.forEach((line, down) => {
    const index = at.row + down
    if (index >= max) return
    const row: JsonObject = { ...next[index] }
    line.forEach((text, right) => {
      const column = columns[at.column + right]
      if (!column || column.readOnly) return
      const value = toCellValue(text, column)
      if (value === undefined) delete row[column.id]
      else row[column.id] = value
    })
    next[index] = row
  })
  return next
}
