import { Link, useNavigate } from '@remix-run/react'
import { Button, Grid, Segmented, Table, Typography } from 'antd'
import { useState } from 'react'
import type { IncidentView } from '#app/gateway/contracts.server.ts'
import { formatTime } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'
import { useZone } from '../shell/use-app.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { ProblemList } from '../ui/problem-list.tsx'
import { SimplePager } from '../ui/simple-pager.tsx'
import { IncidentDialog } from './incident-dialog.tsx'
import { useIncidents } from './use-incidents.ts'

const WIDE: ('md')[] = ['md']
interface Props { items: IncidentView[]; total: number; query: { page: number; size: number; resolved: boolean } }

/** What processes could not go on with: again, past it, or with corrected variables. */
export function IncidentScreen({ items, total, query }: Props) {
  const t = useText()
  const zone = useZone()
  const navigate = useNavigate()
  const narrow = Grid.useBreakpoint().md === false
  const [ticked, setTicked] = useState<string[]>([])
  const [asked, setAsked] = useState<{ incident: IncidentView; how: 'skip' | 'variables' } | null>(null)
  const { settle, busy, problems, said } = useIncidents(() => { setTicked([]); setAsked(null) })
  const chosen = ticked.filter((id) => items.some((item) => item.id === id))
  return (
    <div>
      <PageHeader title={t('incident.title')}>
        <Segmented value={query.resolved ? '1' : ''} options={[{ value: '', label: t('incident.open') }, { value: '1', label: t('incident.resolved') }]} onChange={(value) => { void navigate(value ? '?resolved=1' : '?') }} />
        {query.resolved ? null : <Button type="primary" disabled={chosen.length === 0 || busy} loading={busy} onClick={() => { void settle({ how: 'retry', ids: chosen }) }}>{t('incident.retryAll')}{chosen.length ? ` (${chosen.length})` : ''}</Button>}
      </PageHeader>
      {said ? <p role="status" className="muted">{said}</p> : null}
      {problems.length && !asked ? <ProblemList problems={problems} /> : null}
      <div className="panel list-panel">
        {items.length ? (
          <Table rowKey="id" dataSource={items} pagination={false} size="middle" className="incidents" {...(query.resolved ? {} : { rowSelection: { selectedRowKeys: chosen, onChange: (keys) => setTicked(keys.map(String)) } })} columns={[
            { key: 'record', title: t('incident.record'), render: (_value, item) => <>{item.href ? <Link to={item.href}>{item.title}</Link> : item.title}<div className="muted">{item.entityTitle}</div>{narrow ? <div className="incident-small"><b>{item.step}</b> {formatTime(item.since, zone)}<div>{item.cause}</div></div> : null}</> },
            { key: 'step', title: t('incident.step'), dataIndex: 'step', responsive: WIDE },
            { key: 'cause', title: t('incident.cause'), responsive: WIDE, render: (_value, item) => <>{item.cause}<details><summary className="muted">{t('incident.detail')}</summary><Typography.Text code className="incident-detail">{item.code}: {item.detail}</Typography.Text></details></> },
            { key: 'since', title: t('incident.since'), responsive: WIDE, render: (_value, item) => formatTime(item.since, zone) },
            { key: 'attempts', title: t('incident.attempts'), dataIndex: 'attempts', align: 'right', responsive: WIDE },
            query.resolved
              ? { key: 'settled', title: t('incident.settled'), render: (_value, item) => <>{item.resolved ? formatTime(item.resolved, zone) : ''}<div className="muted">{item.resolvedBy}</div></> }
              : { key: 'do', title: t('list.actions'), render: (_value, item) => (
                <span className="row-buttons">
                  <Button type="link" size="small" disabled={busy} onClick={() => { void settle({ how: 'retry', ids: [item.id] }) }}>{t('incident.retry')}</Button>
                  {item.skippable ? <Button type="link" size="small" disabled={busy} onClick={() => setAsked({ incident: item, how: 'skip' })}>{t('incident.skip')}</Button> : null}
                  {Object.keys(item.variables).length ? <Button type="link" size="small" disabled={busy} onClick={() => setAsked({ incident: item, how: 'variables' })}>{t('incident.variables')}</Button> : null}
                </span>
              ) },
          ]} />
        ) : <EmptyState why={t('incident.none')} hint={t('incident.noneHint')} />}
        <SimplePager total={total} page={query.page} size={query.size} />
      </div>
      {asked ? <IncidentDialog key={`${asked.incident.id} ${asked.how}`} {...asked} problems={problems} busy={busy} onClose={() => setAsked(null)} onSettle={(act) => { void settle(act) }} /> : null}
    </div>
  )
}
