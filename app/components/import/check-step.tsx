import { CheckCircleFilled, CloseCircleFilled, MinusCircleOutlined } from '@ant-design/icons'
import { Alert } from 'antd'
import type { ImportPreview } from '#app/gateway/contracts.server.ts'
import { formatCount } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'

/** What was found in the file before anything is written: the columns, the first rows, the problems. */
export function CheckStep({ preview, file }: { preview: ImportPreview; file: string }) {
  const t = useText()
  const missing = preview.columns.some((column) => column.required && column.found === null)
  return (
    <div className="import-body">
      <p><b>{file}</b>{preview.total !== undefined ? ` · ${t('import.check.total', { n: formatCount(preview.total) })}` : ''}</p>
      {preview.problems.length ? <Alert type={missing ? 'error' : 'warning'} showIcon title={t('import.check.problems')} description={<ul className="reasons">{preview.problems.map((problem, index) => <li key={index}>{problem.message}</li>)}</ul>} />
        : missing ? null : <Alert type="success" showIcon title={t('import.check.fine')} />}
      <h3>{t('import.check.columns')}</h3>
      <ul className="mapping">
        {preview.columns.map((column) => (
          <li key={column.title} className={column.found !== null ? 'ok' : column.required ? 'bad' : ''}>
            {column.found !== null ? <CheckCircleFilled aria-hidden /> : column.required ? <CloseCircleFilled aria-hidden /> : <MinusCircleOutlined aria-hidden />}
            <b>{column.title}</b><span>{column.found === null ? t('import.check.missing') : column.found === column.title ? '' : t('import.check.found', { name: column.found })}</span>
          </li>
        ))}
      </ul>
      <h3>{t('import.check.rows', { n: preview.rows.length })}</h3>
      <div className="preview-scroll">
        <table className="plain-table">
          <thead><tr><th scope="col">{t('import.row')}</th>{preview.columns.map((column) => <th key={column.title} scope="col">{column.title}</th>)}</tr></thead>
          <tbody>{preview.rows.map((row) => <tr key={row.row}><td className="row-number">{row.row}</td>{preview.columns.map((column, index) => <td key={column.title}>{row.cells[index]}</td>)}</tr>)}</tbody>
        </table>
      </div>
    </div>
  )
}
