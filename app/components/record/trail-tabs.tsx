import type { TrailEntry } from '#app/gateway/contracts.server.ts'
import { formatSpan, formatTime } from '#app/text/format.ts'
import { useLang, useText } from '#app/text/use-text.ts'
import { useZone } from '../shell/use-app.ts'
import { EmptyState } from '../ui/empty-state.tsx'

function Entry({ entry }: { entry: TrailEntry }) {
  const t = useText()
  const lang = useLang()
  const zone = useZone()
  return (
    <li className="trail-entry">
      <p className="trail-what"><b>{entry.what}</b> <time dateTime={entry.at}>{formatTime(entry.at, zone)}</time></p>
      <p className="muted">{[entry.who, entry.role, entry.organisation].filter(Boolean).join(' · ')}{entry.tookMs !== undefined ? ` · ${t('record.took', { text: formatSpan(entry.tookMs, lang) })}` : ''}</p>
      {entry.comment ? <blockquote>{entry.comment}</blockquote> : null}
      {entry.changes?.length ? <ul className="changes">{entry.changes.map((change, index) => <li key={index}><span>{change.title}</span><del>{change.from || t('record.empty')}</del><ins>{change.to || t('record.empty')}</ins></li>)}</ul> : null}
    </li>
  )
}

const Trail = ({ entries }: { entries: TrailEntry[] }) => <ol className="trail">{entries.map((entry) => <Entry key={entry.id} entry={entry} />)}</ol>

/** Who decided what, when, with which words and in which time. */
export function ReviewTab({ entries }: { entries: TrailEntry[] }) {
  const t = useText()
  return entries.length ? <Trail entries={entries} /> : <EmptyState why={t('record.noReview')} />
}

/** Which field was changed from what to what. */
export function HistoryTab({ entries }: { entries: TrailEntry[] }) {
  const t = useText()
  return entries.length ? <Trail entries={entries} /> : <EmptyState why={t('record.noHistory')} />
}
