import { Link } from '@remix-run/react'
import type { RecordView } from '#app/gateway/contracts.server.ts'
import { formatTime } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'
import { writeListQuery } from '../list/list-query.ts'
import { useZone } from '../shell/use-app.ts'

/** Who has the record now and until when, and what hangs on it. */
export function WaitingSide({ view }: { view: RecordView }) {
  const t = useText()
  const zone = useZone()
  return (
    <aside className="record-side">
      {view.process || view.waitingFor.length ? <section className="panel">
        <h2>{t('record.waiting')}</h2>
        {view.waitingFor.length ? (
          <ul className="waiting">
            {view.waitingFor.map((wait, index) => (
              <li key={index}><b>{wait.name || wait.role}</b><span>{[wait.name ? wait.role : '', wait.organisation].filter(Boolean).join(' · ')}</span><small>{t('record.since', { at: formatTime(wait.since, zone) })}</small>{wait.due ? <small className="due">{t('record.due', { at: formatTime(wait.due, zone) })}</small> : null}</li>
            ))}
          </ul>
        ) : <p className="muted">{t('record.waiting.none')}</p>}
      </section> : null}
      {view.related.length ? (
        <section className="panel">
          <h2>{t('record.related')}</h2>
          <ul className="related">{view.related.map((related) => <li key={related.id}><Link to={`/l/${related.entity}?${writeListQuery({ list: related.list, filters: related.filter }).toString()}`}>{related.title}</Link></li>)}</ul>
        </section>
      ) : null}
    </aside>
  )
}
