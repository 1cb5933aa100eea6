import { Table, type TableColumnType } from 'antd'
import { Link } from '@remix-run/react'
import type { Cell, ListColumn, ListRow, ListView } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { ButtonRow } from '../actions/action-button.tsx'
import { CellView } from '../ui/cell-view.tsx'
import { nextSort } from './list-query.ts'
import type { Selection } from './use-selection.ts'

export type Density = 'large' | 'middle' | 'small'
interface Props { view: ListView; hidden: string[]; density: Density; selection: Selection; onSort: (sort: string) => void }

const NUMBERS = new Set(['number', 'money'])
const LINKABLE = new Set(['text', 'ref'])
const cellsOf = (row: ListRow, column: ListColumn): Cell[] => {
  const cells = row.cells[column.id]
  return Array.isArray(cells) ? cells : cells ? [cells] : []
}
/** Where a row is named: as the server says, else the first words in it. */
const mainOf = (columns: ListColumn[]): { id: string; at: number } | undefined => {
  const column = columns.find((one) => one.main !== undefined) ?? columns.find((one) => !one.group && LINKABLE.has(one.kind)) ?? columns.find((one) => one.group) ?? columns[0]
  return column && { id: column.id, at: typeof column.main === 'number' ? column.main : 0 }
}
const rowTitle = (row: ListRow, columns: ListColumn[]): string => {
  const main = mainOf(columns)
  const column = columns.find((one) => one.id === main?.id)
  return (column && cellsOf(row, column)[main?.at ?? 0]?.text) || row.id
}

function MainLink({ row, cell }: { row: ListRow; cell: Cell | undefined }) {
  return cell?.text ? <Link to={row.href} className="row-link">{cell.text}</Link> : <CellView cell={cell} />
}

function GroupCell({ column, row, main }: { column: ListColumn; row: ListRow; main: number | undefined }) {
  const list = cellsOf(row, column)
  return <dl className="group-cell">{column.group?.map((part, index) => <div key={part.id}><dt>{part.title}</dt><dd>{index === main ? <MainLink row={row} cell={list[index]} /> : <CellView cell={list[index]} />}</dd></div>)}</dl>
}

/** 查看 first, then what may be done with the row, at most three in all. */
function RowActions({ row, columns, list }: { row: ListRow; columns: ListColumn[]; list: string }) {
  const t = useText()
  const title = rowTitle(row, columns)
  return (
    <span className="row-buttons">
      <Link to={row.href} aria-label={`${t('list.view')} ${title}`}>{t('list.view')}</Link>
      <ButtonRow link max={2} buttons={row.buttons} subject={{ entity: row.entity, ids: [row.id], revs: { [row.id]: row.rev }, count: 1, title, list }} />
    </span>
  )
}

/** from here on long names wrap earlier, so that what tells the rows apart stays in view */
const MANY = 6

/** The rows. The column that names a record leads to it; the state and the row's buttons stay in view at the right. */
export function ListTable({ view, hidden, density, selection, onSort }: Props) {
  const t = useText()
  const visible = view.columns.filter((column) => !hidden.includes(column.id))
  const state = visible.findLast((column) => column.kind === 'state' && !column.fixed)
  const columns = state ? [...visible.filter((column) => column !== state), { ...state, fixed: 'right' as const }] : visible
  const main = mainOf(columns)
  const dataColumns = columns.map((column): TableColumnType<ListRow> => ({
    key: column.id,
    title: column.title,
    align: NUMBERS.has(column.kind) ? 'right' : 'left',
    ...(column.width && { width: column.width }),
    ...(column.fixed && { fixed: column.fixed }),
    ...(!column.group && { className: 'cell-text' }),
    ...(column.sortable && {
      sorter: true,
      sortOrder: view.sort === column.id ? ('ascend' as const) : view.sort === `-${column.id}` ? ('descend' as const) : null,
      onHeaderCell: () => ({ onClick: () => onSort(nextSort(view.sort, column.id)), onKeyDown: (event) => { if (event.key === 'Enter') onSort(nextSort(view.sort, column.id)) } }),
    }),
    render: (_value, row) => {
      if (column.group) return <GroupCell column={column} row={row} main={column.id === main?.id ? main.at : undefined} />
      return column.id === main?.id && cellsOf(row, column).length === 1 ? <MainLink row={row} cell={cellsOf(row, column)[0]} /> : <CellView cell={row.cells[column.id]} />
    },
  }))
  const number: TableColumnType<ListRow> = { key: '_no', title: t('list.number'), width: 60, align: 'center', fixed: 'left', render: (_value, _row, index) => <span className="muted">{(view.page - 1) * view.size + index + 1}</span> }
  const actions: TableColumnType<ListRow> = {
    key: '_actions', className: 'row-actions', title: t('list.actions'), fixed: 'right', width: view.rows.some((row) => row.buttons.length > 1) ? 184 : view.rows.some((row) => row.buttons.length) ? 132 : 76,
    render: (_value, row) => <RowActions row={row} columns={columns} list={view.list} />,
  }
  const selectable = view.bulk.length > 0 || view.toolbar.some((button) => button.kind === 'export' || button.kind === 'document')
  return (
    <Table<ListRow> rowKey="id" className={dataColumns.length > MANY ? 'many-columns' : ''} dataSource={view.rows} columns={[number, ...dataColumns, actions]} size={density} pagination={false} sticky={{ offsetHeader: 52 }} scroll={{ x: 'max-content' }} showSorterTooltip={false} locale={{ emptyText: ' ' }}
      {...(selectable && {
        rowSelection: {
          selectedRowKeys: selection.all ? view.rows.map((row) => row.id) : [...selection.ids], columnWidth: 44, fixed: true, preserveSelectedRowKeys: true,
          onChange: (_keys: unknown, rows: ListRow[]) => selection.choose(rows.filter(Boolean), view.rows),
          getTitleCheckboxProps: () => ({ 'aria-label': t('list.selectPage') }) as never,
          getCheckboxProps: (row: ListRow) => ({ 'aria-label': t('list.selectRow', { title: rowTitle(row, columns) }) }) as never,
        },
      })} />
  )
}
