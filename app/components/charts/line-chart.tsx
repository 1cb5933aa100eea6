import { formatCount } from '#app/text/format.ts'
import type { ChartData } from './chart.tsx'
import { colourAt, niceMax, numberOf } from './scale.ts'

const [W, H, LEFT, BOTTOM, TOP] = [440, 210, 44, 28, 12]

/** One line per column over the first column. */
export function LineChart({ chart }: { chart: ChartData }) {
  const series = chart.columns.slice(1)
  const max = niceMax(Math.max(...chart.rows.flatMap((row) => row.slice(1).map(numberOf)), 0))
  const x = (index: number): number => LEFT + (chart.rows.length > 1 ? (index / (chart.rows.length - 1)) * (W - LEFT - 12) : (W - LEFT) / 2)
  const y = (value: number): number => TOP + (1 - value / max) * (H - TOP - BOTTOM)
  const every = Math.max(1, Math.ceil(chart.rows.length / 8))
  return (
    <div>
      {series.length > 1 ? <p className="legend">{series.map((name, index) => <span key={name}><i style={{ background: colourAt(index) }} />{name}</span>)}</p> : null}
      <svg viewBox={`0 0 ${W} ${H}`} role="img" aria-label={chart.title} className="line-chart">
        {[0, 0.5, 1].map((part) => <g key={part}><line x1={LEFT} x2={W - 12} y1={y(max * part)} y2={y(max * part)} className="grid-line" /><text x={LEFT - 6} y={y(max * part) + 4} textAnchor="end">{formatCount(max * part)}</text></g>)}
        {chart.rows.map((row, index) => (index % every === 0 ? <text key={index} x={x(index)} y={H - 8} textAnchor={index === chart.rows.length - 1 ? 'end' : 'middle'}>{row[0]}</text> : null))}
        {series.map((name, at) => (
          <g key={name}>
            <polyline fill="none" stroke={colourAt(at)} strokeWidth={2} points={chart.rows.map((row, index) => `${x(index)},${y(numberOf(row[at + 1]))}`).join(' ')} />
            {chart.rows.map((row, index) => <circle key={index} cx={x(index)} cy={y(numberOf(row[at + 1]))} r={3} fill={colourAt(at)}><title>{`${row[0]} ${name} ${row[at + 1]}`}</title></circle>)}
          </g>
        ))}
      </svg>
    </div>
  )
}
