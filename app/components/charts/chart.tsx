import { useState } from 'react'
import type { DashboardView } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { BarChart } from './bar-chart.tsx'
import { LineChart } from './line-chart.tsx'
import { PieChart } from './pie-chart.tsx'

export type ChartData = DashboardView['charts'][number]
export const KINDS = { bar: BarChart, line: LineChart, pie: PieChart }

/** A chart and, one click away, its table. */
export function Chart({ chart }: { chart: ChartData }) {
  const t = useText()
  const [table, setTable] = useState(false)
  const Draw = KINDS[chart.kind]
  return (
    <section className="panel chart">
      <header><h2>{chart.title}</h2><button type="button" className="link-button" aria-pressed={table} onClick={() => setTable(!table)}>{t('dashboard.table')}</button></header>
      {table ? (
        <table className="plain-table">
          <thead><tr>{chart.columns.map((column) => <th key={column} scope="col">{column}</th>)}</tr></thead>
          <tbody>{chart.rows.map((row, index) => <tr key={index}>{row.map((cell, at) => <td key={at} className={typeof cell === 'number' ? 'number' : ''}>{cell}</td>)}</tr>)}</tbody>
        </table>
      ) : <Draw chart={chart} />}
    </section>
  )
}
