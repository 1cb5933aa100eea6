import { DownloadOutlined } from '@ant-design/icons'
import { Button, Tag } from 'antd'
import type { ImportView } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'

/** What the sheet must look like, and the sheet. */
export function TemplateStep({ view }: { view: ImportView }) {
  const t = useText()
  // a definition that explains its template is not explained twice
  const explained = view.notes.length > 1
  return (
    <div className="import-body">
      {explained ? null : <p>{t('import.template.text', { title: view.title })}</p>}
      <p><Button type="primary" ghost icon={<DownloadOutlined />} href={`/x/import/template/${view.entity}/${view.id}`} download>{t('import.template.button')}</Button></p>
      {explained ? null : <p className="muted">{t('import.template.note')}</p>}
      {view.notes.length ? <ul className="reasons">{view.notes.map((note) => <li key={note}>{note}</li>)}</ul> : null}
      {view.columns.length ? (
        <>
          <h3>{t('import.columns')}</h3>
          <dl className="import-columns">
            {view.columns.map((column) => (
              <div key={column.title}>
                <dt>{column.title}{column.required ? <Tag color="error">{t('import.column.required')}</Tag> : null}</dt>
                <dd>{[column.help, column.values?.join(' / ')].filter(Boolean).join(' · ')}</dd>
              </div>
            ))}
          </dl>
        </>
      ) : null}
    </div>
  )
}
