import type { Writable } from 'node:stream'
import type { Dict, ImportColumn, ScalarKind } from '#server/runtime/definitions/model.ts'
import { writeNotedSheet } from './noted-sheet.ts'
import type { WriteColumn } from './sheet-spec.ts'

export interface TemplateSpec {
  title: string
  columns: Dict<ImportColumn>
  /** lines above the table of columns in 填表说明 */
  notes?: readonly string[]
  /** a first data row with the columns' examples, where there are any */
  example?: boolean
  maxRows: number
  at: number
}

const FORMAT: Record<ScalarKind, string> = {
  string: '文本', integer: '整数', number: '数字', boolean: '是 或 否', date: '日期，如 2026-03-01', 'date-time': '日期和时间，如 2026-03-01 09:30', time: '时间，如 09:30', duration: '文本',
}

/** `学生姓名*` for required columns. */
export const starred = (column: ImportColumn): string => (column.required ? `${column.title}*` : column.title)

const labels = (column: ImportColumn): string[] => Object.keys(column.values ?? {})

/** Numbers are typed as numbers; all else stays text, so that Excel changes neither ids nor dates. */
export const templateColumn = (column: ImportColumn): WriteColumn => ({
  title: starred(column),
  kind: (column.kind === 'integer' || column.kind === 'number') && !column.sensitive ? 'number' : 'text',
  ...(labels(column).length > 0 ? { values: column.kind === 'number' || column.kind === 'integer' ? [] : labels(column) } : {}),
})

const describe = (column: ImportColumn): string[] => [
  column.title,
  column.required ? '必填' : '选填',
  FORMAT[column.kind ?? 'string'],
  [labels(column).length > 0 ? `可填：${labels(column).join('、')}` : '', column.help?.zh ?? ''].filter((part) => part !== '').join('；'),
  column.example ?? '',
]

const GENERAL = [
  '1. 请勿改动“数据”表的表头名称和格式；带 * 的列必填。',
  '2. 单元格内容前后不得有空格，单元格内不得换行。',
  '3. 证件号码、编号等请以文本格式填写，以免末尾数字变为 0。',
]

/** Writes the template people fill in: starred header, drop-downs, text format, and the sheet 填表说明. */
export const writeImportTemplate = async (target: string | Writable, spec: TemplateSpec): Promise<void> => {
  const columns = Object.values(spec.columns)
  const hasExample = spec.example === true && columns.some((column) => column.example !== undefined)
  await writeNotedSheet(target, {
    title: '数据',
    columns: columns.map(templateColumn),
    rows: hasExample ? [columns.map((column) => column.example ?? null)] : [],
    notes: [[spec.title], ...GENERAL.map((line) => [line]), [`4. 一次最多导入 ${spec.maxRows} 行。`], ...(spec.notes ?? []).map((line) => [line]), [''], ['列', '是否必填', '格式', '说明', '示例'], ...columns.map(describe)],
    dropDownRows: Math.min(spec.maxRows, 1_048_575),
    at: spec.at,
  })
}
