import { formatCount } from '#app/text/format.ts'
import type { ChartData } from './chart.tsx'
import { colourAt, numberOf } from './scale.ts'

const R = 60
const ROUND = 2 * Math.PI * R

/** Shares of a whole as a ring, with the numbers in words beside it. */
export function PieChart({ chart }: { chart: ChartData }) {
  const values = chart.rows.map((row) => numberOf(row[1]))
  const total = values.reduce((sum, value) => sum + value, 0)
  const starts = values.map((_, index) => values.slice(0, index).reduce((sum, value) => sum + value, 0))
  return (
    <div className="pie">
      <svg viewBox="0 0 160 160" role="img" aria-label={chart.title}>
        {values.map((value, index) => <circle key={index} cx={80} cy={80} r={R} fill="none" stroke={colourAt(index)} strokeWidth={22} strokeDasharray={`${total ? (value / total) * ROUND : 0} ${ROUND}`} strokeDashoffset={total ? -((starts[index] ?? 0) / total) * ROUND : 0} transform="rotate(-90 80 80)" />)}
        <text x={80} y={86} textAnchor="middle" className="pie-total">{formatCount(total)}</text>
      </svg>
      <ul>{chart.rows.map((row, index) => <li key={index}><i style={{ background: colourAt(index) }} />{row[0]}<b>{formatCount(values[index] ?? 0)}</b><small>{total ? `${Math.round(((values[index] ?? 0) / total) * 1000) / 10}%` : ''}</small></li>)}</ul>
    </div>
  )
}
