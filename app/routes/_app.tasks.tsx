import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Form, Link, useLoaderData } from '@remix-run/react'
import { Grid, Input, Table } from 'antd'
import { ButtonRow } from '#app/components/actions/action-button.tsx'
import { useZone } from '#app/components/shell/use-app.ts'
import { EmptyState } from '#app/components/ui/empty-state.tsx'
import { ErrorPage } from '#app/components/ui/error-page.tsx'
import { PageHeader } from '#app/components/ui/page-header.tsx'
import { SimplePager } from '#app/components/ui/simple-pager.tsx'
import { pageQuery } from '#app/gateway/page-query.server.ts'
import { requireActor } from '#app/gateway/require-actor.server.ts'
import { formatTime } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'

export const loader = async ({ request, context }: LoaderFunctionArgs) => {
  const actor = await requireActor(request, context)
  const query = pageQuery(request)
  return { query, ...(await context.services.tasks(actor, query)) }
}

export const meta: MetaFunction = () => [{ title: '待办' }]

const WIDE: ('md')[] = ['md']
type Task = Awaited<ReturnType<typeof loader>>['items'][number]

/** What is due, and whether it is late. */
function Due({ task }: { task: Task }) {
  const t = useText()
  const zone = useZone()
  return task.due ? <span className={task.overdue ? 'due over' : 'due'}>{formatTime(task.due, zone)}{task.overdue ? ` ${t('task.overdue')}` : ''}</span> : <>{t('common.none')}</>
}

export default function Tasks() {
  const t = useText()
  const zone = useZone()
  const narrow = Grid.useBreakpoint().md === false
  const { items, total, query } = useLoaderData<typeof loader>()
  return (
    <div>
      <PageHeader title={t('app.tasks')}><Form role="search"><Input.Search name="q" defaultValue={query.search} placeholder={t('task.search')} allowClear aria-label={t('task.search')} onSearch={(_value, event) => (event?.target as HTMLElement | undefined)?.closest('form')?.requestSubmit()} /></Form></PageHeader>
      <div className="panel list-panel">
        {items.length ? (
          <Table rowKey="id" dataSource={items} pagination={false} size="middle" {...(narrow ? {} : { scroll: { x: 'max-content' } })} columns={[
            { key: 'what', title: t('task.what'), render: (_value, task) => <><Link to={task.href}>{task.what}</Link>{narrow ? <div className="task-small">{task.title}<div className="muted">{task.status} · {formatTime(task.since, zone)}</div>{task.due ? <Due task={task} /> : null}</div> : null}</> },
            { key: 'title', title: t('task.record'), dataIndex: 'title', responsive: WIDE },
            { key: 'status', title: t('task.status'), dataIndex: 'status', responsive: WIDE },
            { key: 'who', title: t('task.who'), responsive: WIDE, render: (_value, task) => task.assignee ?? t('common.none') },
            { key: 'programme', title: t('task.programme'), dataIndex: 'programme', responsive: WIDE },
            { key: 'since', title: t('task.since'), responsive: WIDE, render: (_value, task) => formatTime(task.since, zone) },
            { key: 'due', title: t('task.due'), responsive: WIDE, render: (_value, task) => <Due task={task} /> },
            ...(items.some((task) => task.buttons) ? [{ key: 'do', title: t('list.actions'), render: (_value: unknown, task: (typeof items)[number]) => <ButtonRow buttons={task.buttons ?? []} subject={{ entity: task.entity, ids: [task.record], count: 1, title: task.title }} link /> }] : []),
          ]} />
        ) : <EmptyState why={t('dashboard.tasks.none')} hint={t('dashboard.tasks.noneHint')} />}
        <SimplePager total={total} page={query.page} size={query.size} />
      </div>
    </div>
  )
}

export const ErrorBoundary = () => <ErrorPage />
