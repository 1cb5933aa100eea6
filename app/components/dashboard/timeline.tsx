import { Link } from '@remix-run/react'
import type { DashboardView } from '#app/gateway/contracts.server.ts'
import { formatTime } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'
import { useZone } from '../shell/use-app.ts'

const LABEL = { past: 'dashboard.past', now: 'dashboard.now', future: 'dashboard.future' } as const

/** The last day of a window that ends before `to`: one that ends at midnight has ended the day before. */
export const lastDay = (to: string, zone: string): string => formatTime(new Date(Date.parse(to) - 1).toISOString(), zone).slice(0, 10)

/** The windows of each season in order; the open one is marked in words and colour. */
export function Timeline({ lines }: { lines: DashboardView['timeline'] }) {
  const t = useText()
  const zone = useZone()
  return (
    <div className="timeline">
      {lines.map((line) => (
        <section key={line.title}>
          <h3><Link to={line.href}>{line.title}</Link></h3>
          <ol>
            {line.phases.map((phase) => (
              <li key={phase.title} className={phase.state} aria-current={phase.state === 'now' ? 'step' : undefined}>
                <b>{phase.title}</b>
                <span>{formatTime(phase.from, zone).slice(0, 10)} ~ {lastDay(phase.to, zone)}</span>
                <small>{t(LABEL[phase.state])}</small>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}
