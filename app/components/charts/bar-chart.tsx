import { formatCount } from '#app/text/format.ts'
import type { ChartData } from './chart.tsx'
import { colourAt, niceMax, numberOf } from './scale.ts'

/** Horizontal bars, each label on a line of its own: names of certificates and sites are long and differ at their ends. */
export function BarChart({ chart }: { chart: ChartData }) {
  const series = chart.columns.slice(1)
  const max = niceMax(Math.max(...chart.rows.flatMap((row) => row.slice(1).map(numberOf)), 0))
  return (
    <div className="bars" role="img" aria-label={chart.title}>
      {series.length > 1 ? <p className="legend">{series.map((name, index) => <span key={name}><i style={{ background: colourAt(index) }} />{name}</span>)}</p> : null}
      {chart.rows.map((row, index) => (
        <div key={index} className="bar-row">
          <span className="bar-label">{row[0]}</span>
          <span className="bar-tracks">{series.map((name, at) => <span key={name} className="bar-track"><i style={{ width: `${(numberOf(row[at + 1]) / max) * 100}%`, background: colourAt(at) }} /><b>{formatCount(numberOf(row[at + 1]))}</b></span>)}</span>
        </div>
      ))}
    </div>
  )
}
