import { DownloadOutlined } from '@ant-design/icons'
import { useNavigate, useSearchParams } from '@remix-run/react'
import { Button, Select } from 'antd'
import { useState } from 'react'
import type { ReportView } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { KINDS } from '../charts/chart.tsx'
import { FilterBar } from '../list/filter-bar.tsx'
import { FilterChips } from '../list/filter-chips.tsx'
import { writeListQuery } from '../list/list-query.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { ReportTable } from './report-table.tsx'

const isKind = (kind: string | undefined): kind is keyof typeof KINDS => kind !== undefined && Object.hasOwn(KINDS, kind)
const isShare = (view: ReportView, at: number): boolean => view.rows.some((row) => row[at]?.text.endsWith('%'))

/** A statistic: filters, one figure as a chart, all figures as a table, and the workbook. */
export function ReportScreen({ view }: { view: ReportView }) {
  const t = useText()
  const navigate = useNavigate()
  const [params] = useSearchParams()
  const last = view.columns.length - 1
  const [figure, setFigure] = useState(last)
  const applied = Object.fromEntries(view.filters.filter((filter) => filter.value).map((filter) => [filter.id, filter.value ?? '']))
  const go = (id: string, filters: Record<string, string>): void => {
    const next = writeListQuery({ filters })
    next.set('list', params.get('list') ?? view.from.list)
    next.set('report', id)
    navigate({ search: next.toString() }, { preventScrollReset: true })
  }
  const without = (id: string | null): void => go(view.id, Object.fromEntries(Object.entries(applied).filter(([name]) => name !== id)))
  const share = isShare(view, figure)
  const Draw = isKind(view.chart) ? KINDS[view.chart] : null
  const chart = { id: view.id, title: view.title, kind: isKind(view.chart) ? view.chart : ('bar' as const), columns: [view.title, `${view.columns[figure]?.title ?? ''}${share ? '（%）' : ''}`], rows: view.values.map((row) => [row.slice(0, view.groups).join(' · '), share ? Math.round(Number(row[figure]) * 10_000) / 100 : (row[figure] ?? 0)]) }
  return (
    <div className="list-page">
      <PageHeader title={view.title}><Button icon={<DownloadOutlined />} href={`/x/report/${view.entity}/${view.id}?${params.toString()}`}>{t('list.export')}</Button></PageHeader>
      {view.siblings.length > 1 ? <div className="list-lists" role="tablist">{view.siblings.map((one) => <button key={one.id} type="button" role="tab" aria-selected={one.id === view.id} className={one.id === view.id ? 'active' : ''} onClick={() => go(one.id, applied)}>{one.title}</button>)}</div> : null}
      {view.filters.length ? (
        <div className="panel">
          <FilterBar entity={view.from.entity} list={view.from.list} filters={view.filters} onReset={() => go(view.id, {})} onSearch={(filters) => go(view.id, filters)} />
          <FilterChips filters={view.filters} search="" onRemove={without} onClear={() => go(view.id, {})} />
        </div>
      ) : null}
      {view.rows.length === 0 ? <div className="panel"><EmptyState why={t('report.none')} /></div> : (
        <>
          {Draw ? (
            <section className="panel chart">
              <header><h2>{chart.columns[1]}</h2><label className="chart-figure">{t('report.figure')} <Select size="small" value={figure} onChange={setFigure} options={view.columns.slice(view.groups).map((column, index) => ({ value: view.groups + index, label: column.title }))} style={{ width: 120 }} /></label></header>
              <Draw chart={chart} />
            </section>
          ) : null}
          <section className="panel"><ReportTable view={view} /></section>
        </>
      )}
    </div>
  )
}
