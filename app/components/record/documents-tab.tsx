import { FilePdfOutlined, PaperClipOutlined } from '@ant-design/icons'
import type { Button, Cell, RecordView } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { ActionButton } from '../actions/action-button.tsx'
import type { Subject } from '../actions/subject.ts'
import { CellView } from '../ui/cell-view.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

/** Every file the record's fields hold, with the field's title. */
export const filesOf = (sections: RecordView['sections']): { title: string; cell: Cell }[] =>
  sections.flatMap((section) => section.fields).flatMap((field) => (Array.isArray(field.cell) ? field.cell : [field.cell]).filter((cell) => cell.file && (cell.kind === 'file' || cell.kind === 'image')).map((cell) => ({ title: field.title, cell })))

/** Printed documents and the files people put in. */
export function DocumentsTab({ buttons, sections, subject }: { buttons: Button[]; sections: RecordView['sections']; subject: Subject }) {
  const t = useText()
  const files = filesOf(sections)
  if (!buttons.length && !files.length) return <EmptyState why={t('record.noDocuments')} />
  return (
    <ul className="documents">
      {buttons.map((button) => <li key={button.id}><FilePdfOutlined /><span>{button.title}</span><ActionButton link button={button} label={t('common.preview')} subject={subject} /></li>)}
      {files.map(({ title, cell }, index) => <li key={`${cell.file ?? ''} ${index}`}><PaperClipOutlined /><span>{title}</span><CellView cell={cell} /></li>)}
    </ul>
  )
}
