import type { ImportColumn } from '#server/runtime/definitions/model.ts'
import type { Cell } from '../read/cell.ts'
import { dateOfText, dateTimeOfText, timeOfText } from './read-date.ts'
import { strayProblem } from './stray.ts'

export type CellCode = 'required' | 'stray-space' | 'as-text' | 'not-a-number' | 'not-an-integer' | 'not-a-date' | 'not-a-time' | 'not-allowed' | 'not-a-boolean' | 'error-cell' | 'no-result' | 'merged'
export type ImportValue = string | number | boolean | null
export type CellResult = { ok: true; value: ImportValue } | { ok: false; code: CellCode; person: string }

export interface ReadCellOptions {
  /** `refuse` (default): spaces around a value are an error; `trim`: they are removed */
  spaces?: 'refuse' | 'trim'
}

/** Excel keeps 15 digits; what lies behind them is invented */
const EXACT_DIGITS = 15
const AS_TEXT = '请以文本格式填写'

const fail = (code: CellCode, person: string): CellResult => ({ ok: false, code, person })
const ok = (value: ImportValue): CellResult => ({ ok: true, value })
/** personal numbers do not get into messages */
const found = (text: string, column: ImportColumn): string => (column.sensitive ? '' : `（现为“${text.length > 30 ? `${text.slice(0, 30)}…` : text}”）`)

/** phone numbers have 15 digits at most and no leading zero to lose; other personal numbers are never taken from a number */
const isIdentifier = (column: ImportColumn): boolean => column.sensitive !== undefined && !/phone|mobile/i.test(column.sensitive)

const significantDigits = (text: string): number => text.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '').length

const textValue = (cell: Cell, kind: Cell['kind'], column: ImportColumn): CellResult => {
  const { title } = column
  if (kind === 'string') return ok(cell.text)
  if (kind === 'number' && !isIdentifier(column) && !cell.padded && significantDigits(cell.text) <= EXACT_DIGITS && !/e/i.test(cell.text)) return ok(cell.text)
  const why = kind === 'number' ? (cell.padded ? '单元格显示的数字与实际值不同' : '不能是数字格式') : kind === 'date' ? '不能是日期格式' : '不能是逻辑值'
  return fail('as-text', `“${title}”${why}，${AS_TEXT}。`)
}

const numberValue = (cell: Cell, kind: Cell['kind'], column: ImportColumn, integer: boolean): CellResult => {
  const wanted = integer ? '整数' : '数字'
  const plain = kind === 'number' || (kind === 'string' && /^[+-]?\d+(\.\d+)?$/.test(cell.text))
  const value = plain ? (kind === 'number' ? Number((cell.number ?? Number.NaN).toPrecision(EXACT_DIGITS)) : Number(cell.text)) : Number.NaN
  if (!Number.isFinite(value) || significantDigits(String(value)) > EXACT_DIGITS) return fail('not-a-number', `“${column.title}”应为${wanted}${found(cell.text, column)}。`)
  if (integer && !Number.isSafeInteger(value)) return fail('not-an-integer', `“${column.title}”应为整数${found(cell.text, column)}。`)
  return ok(value)
}

const dated = (cell: Cell, kind: Cell['kind'], column: ImportColumn, parse: (text: string) => string | undefined, example: string): CellResult => {
  const value = kind === 'date' || kind === 'string' ? parse(cell.text) : undefined
  if (value !== undefined) return ok(value)
  const code = column.kind === 'time' ? 'not-a-time' : 'not-a-date'
  const how = kind === 'number' ? `是未设置日期格式的数字，请把单元格设为日期格式，或以文本填写，如 ${example}` : `格式不正确${found(cell.text, column)}，请填写如 ${example}`
  return fail(code, `“${column.title}”${how}。`)
}

const BOOLEANS: Readonly<Record<string, boolean>> = { 是: true, 否: false, TRUE: true, FALSE: false }

const ofKind = (cell: Cell, kind: Cell['kind'], column: ImportColumn): CellResult => {
  switch (column.kind ?? 'string') {
    case 'integer': return numberValue(cell, kind, column, true)
    case 'number': return numberValue(cell, kind, column, false)
    case 'date': return dated(cell, kind, column, dateOfText, '2026-03-01')
    case 'date-time': return dated(cell, kind, column, dateTimeOfText, '2026-03-01 09:30')
    case 'time': return dated(cell, kind, column, timeOfText, '09:30')
    case 'boolean': return Object.hasOwn(BOOLEANS, cell.text) ? ok(BOOLEANS[cell.text] ?? null) : fail('not-a-boolean', `“${column.title}”只能填“是”或“否”${found(cell.text, column)}。`)
    default: return textValue(cell, kind, column)
  }
}

const labelled = (cell: Cell, kind: Cell['kind'], column: ImportColumn, values: Record<string, string>): CellResult => {
  if (kind !== 'date' && Object.hasOwn(values, cell.text)) return ok(values[cell.text] ?? null)
  // a mark or the word for "absent": labels beside numbers
  if (column.kind === 'integer' || column.kind === 'number') {
    const number = ofKind(cell, kind, column)
    if (number.ok) return number
  }
  const also = column.kind === 'integer' || column.kind === 'number' ? '数字或' : ''
  return fail('not-allowed', `“${column.title}”只能填${also}${Object.keys(values).map((label) => `“${label}”`).join('、')}${found(cell.text, column)}。`)
}

/**
 * Value of one cell for a column of an import: strings stay as typed, ids never come from numbers, dates become
 * `2026-03-01`, labels become codes, nothing becomes null. A formula counts as its stored result.
 */
export const readCell = (cell: Cell | undefined, column: ImportColumn, options: ReadCellOptions = {}): CellResult => {
  const kind = cell?.kind === 'formula' ? (cell.cached ?? 'empty') : (cell?.kind ?? 'empty')
  if (cell?.kind === 'formula' && kind === 'empty') return fail('no-result', `“${column.title}”是没有计算结果的公式，请复制后“选择性粘贴 → 数值”再上传。`)
  if (kind === 'error') return fail('error-cell', `“${column.title}”的单元格显示错误值 ${cell?.text ?? ''}，请改为正确的内容。`)
  const blank = cell === undefined || kind === 'empty' || (kind === 'string' && cell.text.trim() === '')
  if (blank) return column.required ? fail('required', `“${column.title}”不能为空，请填写。`) : ok(null)
  const trimmed = options.spaces === 'trim' && kind === 'string' ? { ...cell, text: cell.text.trim() } : cell
  const stray = kind === 'string' ? strayProblem(trimmed.text, column) : undefined
  if (stray !== undefined) return fail('stray-space', stray)
  return column.values && Object.keys(column.values).length > 0 ? labelled(trimmed, kind, column, column.values) : ofKind(trimmed, kind, column)
}
