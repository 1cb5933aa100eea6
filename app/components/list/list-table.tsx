import { Table, type TableColumnType } from 'antd'
import { Link } from '@remix-run/react'
import type { ListColumn, ListRow, ListView } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { ButtonRow } from '../actions/action-button.tsx'
import { CellView } from '../ui/cell-view.tsx'
import { nextSort } from './list-query.ts'
import type { Selection } from './use-selection.ts'

export type Density = 'large' | 'middle' | 'small'
interface Props { view: ListView; hidden: string[]; density: Density; selection: Selection; onSort: (sort: string) => void }

const NUMBERS = new Set(['number', 'money'])
const rowTitle = (row: ListRow, columns: ListColumn[]): string => {
  const first = columns.map((column) => row.cells[column.id]).find((cell) => cell !== undefined)
  return (Array.isArray(first) ? first[0]?.text : first?.text) ?? row.id
}

function GroupCell({ column, row }: { column: ListColumn; row: ListRow }) {
  const cells = row.cells[column.id]
  const list = Array.isArray(cells) ? cells : cells ? [cells] : []
  return <dl className="group-cell">{column.group?.map((part, index) => <div key={part.id}><dt>{part.title}</dt><dd><CellView cell={list[index]} /></dd></div>)}</dl>
}

/** The rows. The first column leads to the record; the last holds the row's buttons. */
export function ListTable({ view, hidden, density, selection, onSort }: Props) {
  const t = useText()
  const columns = view.columns.filter((column) => !hidden.includes(column.id))
  const first = columns.find((column) => !column.group && column.kind !== 'image' && column.kind !== 'state')?.id
  const dataColumns = columns.map((column): TableColumnType<ListRow> => ({
    key: column.id,
    title: column.title,
    align: NUMBERS.has(column.kind) ? 'right' : 'left',
    ...(column.width && { width: column.width }),
    ...(column.fixed && { fixed: column.fixed }),
    ...(column.sortable && {
      sorter: true,
      sortOrder: view.sort === column.id ? ('ascend' as const) : view.sort === `-${column.id}` ? ('descend' as const) : null,
      onHeaderCell: () => ({ onClick: () => onSort(nextSort(view.sort, column.id)) }),
    }),
    render: (_value, row) => {
      if (column.group) return <GroupCell column={column} row={row} />
      const cell = row.cells[column.id]
      if (column.id === first && cell && !Array.isArray(cell) && !cell.href && cell.text) return <Link to={row.href} className="row-link">{cell.text}</Link>
      return <CellView cell={cell} />
    },
  }))
  const number: TableColumnType<ListRow> = { key: '_no', title: t('list.number'), width: 60, align: 'center', fixed: 'left', render: (_value, _row, index) => <span className="muted">{(view.page - 1) * view.size + index + 1}</span> }
  const actions: TableColumnType<ListRow> = {
    key: '_actions', title: t('list.actions'), fixed: 'right', width: 168,
    render: (_value, row) => <ButtonRow link buttons={row.buttons} subject={{ entity: row.entity, ids: [row.id], revs: { [row.id]: row.rev }, count: 1, title: rowTitle(row, columns), list: view.list }} />,
  }
  const withActions = view.rows.some((row) => row.buttons.length > 0)
  const selectable = view.bulk.length > 0 || view.toolbar.some((button) => button.kind === 'export' || button.kind === 'document')
  return (
    <Table<ListRow> rowKey="id" dataSource={view.rows} columns={[number, ...dataColumns, ...(withActions ? [actions] : [])]} size={density} pagination={false} sticky={{ offsetHeader: 52 }} scroll={{ x: 'max-content' }} showSorterTooltip={false} locale={{ emptyText: ' ' }}
      {...(selectable && {
        rowSelection: {
          selectedRowKeys: selection.all ? view.rows.map((row) => row.id) : [...selection.ids], columnWidth: 44, fixed: true, preserveSelectedRowKeys: true,
          onChange: (_keys: unknown, rows: ListRow[]) => selection.choose(rows.filter(Boolean), view.rows),
          getCheckboxProps: (row: ListRow) => ({ 'aria-label': t('list.selectRow', { title: rowTitle(row, columns) }) }) as never,
        },
      })} />
  )
}
