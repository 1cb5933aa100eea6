import { LeftOutlined, PrinterOutlined, RightOutlined } from '@ant-design/icons'
import { Link, useNavigate, useSearchParams } from '@remix-run/react'
import { Tabs } from 'antd'
import { useEffect, useSyncExternalStore } from 'react'
import type { RecordView } from '#app/gateway/contracts.server.ts'
import { formatTime } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'
import { ButtonRow } from '../actions/action-button.tsx'
import type { Subject } from '../actions/subject.ts'
import { neighboursOf, readRows } from '../list/neighbours.ts'
import { useZone } from '../shell/use-app.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { StateTag } from '../ui/state-tag.tsx'
import { DocumentsTab, filesOf } from './documents-tab.tsx'
import { HistoryTab, ReviewTab } from './trail-tabs.tsx'
import { InfoTab } from './info-tab.tsx'
import { ProcessTab } from './process-tab.tsx'
import { WaitingSide } from './waiting-side.tsx'

const never = (): (() => void) => () => undefined

/** One record: header with its possible actions, five tabs, and beside them who has it. */
export function RecordScreen({ view }: { view: RecordView }) {
  const t = useText()
  const zone = useZone()
  const [params, setParams] = useSearchParams()
  const kept = useSyncExternalStore(never, readRows, () => null)
  const { back, prev, next } = neighboursOf(kept, view.entity, view.id)
  const navigate = useNavigate()
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const href = event.key === 'j' ? next : event.key === 'k' ? prev : undefined
      const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable], [role=dialog]')
      if (href && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) navigate(href)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [navigate, next, prev])
  const subject: Subject = { entity: view.entity, ids: [view.id], revs: { [view.id]: view.rev }, count: 1, title: view.title }
  const tabs = [
    { key: 'info', label: t('record.info'), children: <InfoTab sections={view.sections} /> },
    ...(view.process || view.review.length ? [{ key: 'review', label: `${t('record.review')}${view.review.length ? ` ${view.review.length}` : ''}`, children: <ReviewTab entries={view.review} /> }] : []),
    ...(view.documents.length || filesOf(view.sections).length ? [{ key: 'documents', label: t('record.documents'), children: <DocumentsTab buttons={view.documents} sections={view.sections} subject={subject} /> }] : []),
    ...(view.process ? [{ key: 'process', label: t('record.process'), children: <ProcessTab process={view.process} /> }] : []),
    { key: 'history', label: t('record.history'), children: <HistoryTab entries={view.history} /> },
  ]
  const aside = view.process !== undefined || view.waitingFor.length > 0 || view.related.length > 0
  const primaryFirst = [...view.buttons].sort((a, b) => Number(b.style === 'primary') - Number(a.style === 'primary'))
  return (
    <div className="record-page">
      <PageHeader title={view.title} back crumbs={[{ title: view.entityTitle, href: back ?? `/l/${view.entity}` }, { title: view.title }]} beside={
        <span className="record-states">
          {view.status ? <StateTag label={view.status.label} {...(view.status.colour && { colour: view.status.colour })} /> : null}
          {view.states.map((state) => <span key={state.path} className="muted">{state.title} <StateTag label={state.label} {...(state.colour && { colour: state.colour })} /></span>)}
          {view.due ? <span className="due">{t('record.due', { at: formatTime(view.due, zone) })}</span> : null}
        </span>
      }>
        <ButtonRow buttons={primaryFirst} subject={subject} max={5} />
        <span className="record-tools">
          {prev ? <Link to={prev} className="top-button" aria-label={t('record.prev')} title={`${t('record.prev')}（K）`}><LeftOutlined /></Link> : null}
          {next ? <Link to={next} className="top-button" aria-label={t('record.next')} title={`${t('record.next')}（J）`}><RightOutlined /></Link> : null}
          <button type="button" className="top-button" aria-label={t('common.print')} title={t('common.print')} onClick={() => window.print()}><PrinterOutlined /></button>
        </span>
      </PageHeader>
      <div className={aside ? 'record-body' : 'record-body alone'}>
        <div className="panel record-main">
          <Tabs items={tabs} activeKey={params.get('tab') ?? 'info'} onChange={(tab) => setParams(tab === 'info' ? {} : { tab }, { replace: true, preventScrollReset: true })} />
        </div>
        {aside ? <WaitingSide view={view} /> : null}
      </div>
    </div>
  )
}
