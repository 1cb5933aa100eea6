import type { Field, RecordView } from '#app/gateway/contracts.server.ts'
import { CellView } from '../ui/cell-view.tsx'

function FieldTable({ field }: { field: Field }) {
  if (!field.table) return null
  return (
    <div className="preview-scroll">
      <table className="plain-table">
        <thead><tr>{field.table.columns.map((column) => <th key={column.id} scope="col">{column.title}</th>)}</tr></thead>
        <tbody>{field.table.rows.map((row, index) => <tr key={index}>{row.map((cell, at) => <td key={at}><CellView cell={cell} /></td>)}</tr>)}</tbody>
      </table>
    </div>
  )
}

const isWide = (field: Field): boolean => field.wide === true || field.table !== undefined || (!Array.isArray(field.cell) && field.cell.kind === 'rich')

/** The record's values in the form's sections, read-only. */
export function InfoTab({ sections }: { sections: RecordView['sections'] }) {
  return (
    <>
      {sections.map((section) => (
        <section key={section.id} className="record-section">
          {section.title ? <h2>{section.title}</h2> : null}
          <dl className="fields">
            {section.fields.map((field) => (
              <div key={field.path} className={isWide(field) ? 'wide' : ''}>
                {field.title === section.title && section.fields.length === 1 ? <dt className="only-readers">{field.title}</dt> : <dt>{field.title}</dt>}
                <dd>{field.table ? <FieldTable field={field} /> : <CellView cell={field.cell} />}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </>
  )
}
