import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import type { RJSFSchema, WidgetProps } from '@rjsf/utils'
import { Button } from 'antd'
import { useCallback, useEffect, useMemo, useRef, useState, type ClipboardEvent } from 'react'
import type { Json, JsonObject } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { pathOf, type FieldContext } from '../form/form-context.ts'
import { TableCell } from './table-cell.tsx'
import { tableColumns } from './table-columns.ts'
import { parseTsv, pasteInto } from './table-paste.ts'
import { visibleRows } from './table-window.ts'

const ROW_PX = 41
const VIEW_PX = 480
const NO_ROWS: JsonObject[] = []

/** An array of objects as an editable table: paste from a spreadsheet, only the rows in view are in the page. */
export function TableWidget(props: WidgetProps) {
  const t = useText()
  const context = props.registry.formContext as FieldContext
  const rows = Array.isArray(props.value) ? (props.value as JsonObject[]) : NO_ROWS
  const path = pathOf(props.id)
  const items = props.schema.items as RJSFSchema
  const columns = useMemo(() => tableColumns(items, props.uiSchema?.items as never), [items, props.uiSchema])
  const off = Boolean(props.disabled || props.readonly)
  const fixed = off || props.options.addable === false
  const max = props.schema.maxItems ?? Infinity
  const [top, setTop] = useState(0)
  const live = useRef({ rows, onChange: props.onChange })
  useEffect(() => { live.current = { rows, onChange: props.onChange } })

  const onCell = useCallback((row: number, column: string, value: Json | undefined) => {
    const next = [...live.current.rows]
    const changed: JsonObject = { ...next[row] }
    if (value === undefined) delete changed[column]
    else changed[column] = value
    next[row] = changed
    live.current.rows = next
    live.current.onChange(next)
  }, [])
  const paste = (event: ClipboardEvent): void => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('td[data-column]')
    const cells = parseTsv(event.clipboardData.getData('text/plain'))
    if (off || !cell || (cells.length === 1 && cells[0]?.length === 1)) return
    event.preventDefault()
    ;(event.target as HTMLElement).blur()
    const at = { row: Number(cell.dataset.row), column: Number(cell.dataset.column) }
    props.onChange(pasteInto(live.current.rows, columns, at, cells, fixed ? rows.length : max))
  }
  const errors = (props.errorSchema ?? {}) as Record<string, Record<string, { __errors?: string[] }> | undefined>
  const { first, last, before, after } = visibleRows(rows.length, top, ROW_PX, VIEW_PX)
  const width = columns.reduce((sum, column) => sum + column.width, 48 + (fixed ? 0 : 48))
  return (
    <div className="table-field" id={props.id} tabIndex={-1}>
      <div className="table-scroll" style={{ maxHeight: VIEW_PX }} onScroll={(event) => setTop(event.currentTarget.scrollTop)} onPaste={paste}>
        <table style={{ minWidth: width }}>
          <colgroup><col style={{ width: 48 }} />{columns.map((column) => <col key={column.id} style={{ width: column.width }} />)}{fixed ? null : <col style={{ width: 48 }} />}</colgroup>
          <thead><tr><th scope="col">#</th>{columns.map((column) => <th key={column.id} scope="col" title={column.schema.description}>{column.title}{column.required ? <span className="required" aria-hidden>*</span> : null}</th>)}{fixed ? null : <th aria-label={t('list.actions')} />}</tr></thead>
          <tbody>
            {before ? <tr aria-hidden style={{ height: before }} /> : null}
            {rows.slice(first, last).map((row, offset) => {
              const index = first + offset
              return (
                <tr key={typeof row._id === 'string' ? row._id : index} style={{ height: ROW_PX }}>
                  <td className="row-number">{index + 1}</td>
                  {columns.map((column, at) => (
                    <td key={column.id} data-row={index} data-column={at}>
                      <TableCell id={`${props.id}.${index}.${column.id}`} path={`${path}.${index}.${column.id}`} row={index} column={column} value={row[column.id]} error={errors[index]?.[column.id]?.__errors?.join('；')} off={off || Boolean(column.readOnly)} context={context} onCell={onCell} />
                    </td>
                  ))}
                  {fixed ? null : <td><Button type="text" size="small" icon={<DeleteOutlined />} aria-label={`${t('form.remove')} ${index + 1}`} onClick={() => props.onChange(rows.filter((_, at) => at !== index))} /></td>}
                </tr>
              )
            })}
            {after ? <tr aria-hidden style={{ height: after }} /> : null}
          </tbody>
        </table>
      </div>
      <div className="table-foot">
        {fixed ? null : <Button size="small" icon={<PlusOutlined />} disabled={rows.length >= max} onClick={() => props.onChange([...rows, {}])}>{t('form.add')}</Button>}
        <span className="muted">{t('form.rows', { n: rows.length })}{off ? '' : ` · ${t('form.paste')}`}</span>
      </div>
    </div>
  )
}
