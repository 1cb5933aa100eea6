import { Link } from '@remix-run/react'
import type { DashboardView } from '#app/gateway/contracts.server.ts'

/** Counts that lead to the list behind them: what is counted stands above, in which state below. */
export function Figures({ figures }: { figures: DashboardView['figures'] }) {
  if (!figures.length) return null
  return (
    <div className="cards">
      {figures.map((figure) => {
        const [what, state] = figure.title.split(' · ')
        return <Link key={figure.id} to={figure.href} className="figure" title={figure.title}><span>{what}</span><b>{figure.value}</b>{state ? <small>{state}</small> : null}</Link>
      })}
    </div>
  )
}
