import { redirect, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { Chart } from '#app/components/charts/chart.tsx'
import { Figures } from '#app/components/dashboard/figures.tsx'
import { TaskList } from '#app/components/dashboard/task-list.tsx'
import { Timeline } from '#app/components/dashboard/timeline.tsx'
import { useApp } from '#app/components/shell/use-app.ts'
import { EmptyState } from '#app/components/ui/empty-state.tsx'
import { ErrorPage } from '#app/components/ui/error-page.tsx'
import { PageHeader } from '#app/components/ui/page-header.tsx'
import { requireActor } from '#app/gateway/require-actor.server.ts'
import { useText } from '#app/text/use-text.ts'

export const loader = async ({ request, context }: LoaderFunctionArgs) => {
  const actor = await requireActor(request, context)
  if (actor.portal === 'me') throw redirect('/me')
  return { view: await context.services.dashboard(actor) }
}

export const meta: MetaFunction = () => [{ title: '首页' }]

export default function Dashboard() {
  const t = useText()
  const { shell } = useApp()
  const { view } = useLoaderData<typeof loader>()
  return (
    <div className="dashboard">
      <PageHeader title={t('app.home')} beside={<span className="muted">{t('app.zone', { zone: shell.zone })}</span>} />
      <Figures figures={view.figures} />
      <div className="dashboard-columns">
        <section className="panel">
          <header className="panel-head"><h2>{t('dashboard.tasks')}</h2>{view.tasks.total ? <Link to="/tasks">{t('dashboard.tasks.all', { n: view.tasks.total })}</Link> : null}</header>
          {view.tasks.items.length ? <TaskList tasks={view.tasks.items} /> : <EmptyState why={t('dashboard.tasks.none')} hint={t('dashboard.tasks.noneHint')} />}
        </section>
        {view.timeline.length ? <section className="panel"><header className="panel-head"><h2>{t('dashboard.timeline')}</h2></header><Timeline lines={view.timeline} /></section> : null}
      </div>
      {view.charts.length ? <div className="charts">{view.charts.map((chart) => <Chart key={chart.id} chart={chart} />)}</div> : null}
    </div>
  )
}

export const ErrorBoundary = () => <ErrorPage />
