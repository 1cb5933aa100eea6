import type { ReportView } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'

/** All groups with all figures. */
export function ReportTable({ view }: { view: ReportView }) {
  const t = useText()
  return (
    <div className="report-table">
      <table className="plain-table">
        <thead><tr><th scope="col" className="row-number">{t('list.number')}</th>{view.columns.map((column, at) => <th key={column.id} scope="col" className={at < view.groups ? '' : 'number'}>{column.title}</th>)}</tr></thead>
        <tbody>{view.rows.map((row, index) => <tr key={index}><td className="row-number">{index + 1}</td>{row.map((cell, at) => <td key={at} className={at < view.groups ? '' : 'number'}>{cell.text || t('common.none')}</td>)}</tr>)}</tbody>
      </table>
    </div>
  )
}
