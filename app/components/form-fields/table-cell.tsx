import { memo, useState } from 'react'
import type { Json } from '#app/gateway/contracts.server.ts'
import type { FieldContext } from '../form/form-context.ts'
import { RefPicker } from './ref-picker.tsx'
import type { FieldColumn } from './table-columns.ts'
import { toCellValue } from './table-paste.ts'

interface Props {
  id: string
  path: string
  row: number
  column: FieldColumn
  value: Json | undefined
  error: string | undefined
  off: boolean
  context: FieldContext
  onCell: (row: number, column: string, value: Json | undefined) => void
}

const shownText = (value: Json | undefined): string => (value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value))

function TextCell({ id, row, column, value, error, off, onCell }: Props) {
  const outside = shownText(value)
  const [draft, setDraft] = useState<string | null>(null)
  const commit = (): void => {
    if (draft !== null && draft !== outside) onCell(row, column.id, toCellValue(draft, column))
    setDraft(null)
  }
  const numeric = column.type === 'number' || column.type === 'integer'
  return (
    <input id={id} className={`cell-input${numeric ? ' number' : ''}${error ? ' wrong' : ''}`} value={draft ?? outside} readOnly={off} inputMode={numeric ? 'decimal' : 'text'} title={error} aria-label={`${column.title} ${row + 1}`} aria-invalid={error ? true : undefined}
      onChange={(event) => setDraft(event.target.value)} onBlur={commit} onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); commit() } }} />
  )
}

/** One cell. It keeps its typing to itself until it is left, so a long table does not re-render at every key. */
export const TableCell = memo(function TableCell(props: Props) {
  const { id, path, row, column, value, error, off, context, onCell } = props
  if (column.widget === 'ref') {
    return <RefPicker id={id} size="small" path={path} value={value as string | undefined} context={context} disabled={off} error={Boolean(error)} onChange={(next) => onCell(row, column.id, next)} />
  }
  if (column.type === 'boolean') return <input id={id} type="checkbox" checked={value === true} disabled={off} aria-label={`${column.title} ${row + 1}`} onChange={(event) => onCell(row, column.id, event.target.checked)} />
  if (column.type === 'choice') {
    return (
      <select id={id} className={`cell-input${error ? ' wrong' : ''}`} value={shownText(value)} disabled={off} title={error} aria-label={`${column.title} ${row + 1}`} onChange={(event) => onCell(row, column.id, event.target.value || undefined)}>
        <option value="" />
        {column.options?.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
    )
  }
  return <TextCell {...props} />
})
