import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { Button, Progress, Table } from 'antd'
import { JobCounts, JobFiles, JobStateTag } from '#app/components/jobs/job-card.tsx'
import { isOver, percentOf } from '#app/components/jobs/job-state.ts'
import { useJobs } from '#app/components/jobs/jobs-provider.tsx'
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
  return { query, ...(await context.services.jobs.list(actor, query)) }
}

export const meta: MetaFunction = () => [{ title: '下载中心' }]

export default function Jobs() {
  const t = useText()
  const zone = useZone()
  const jobs = useJobs()
  const { items, total, query } = useLoaderData<typeof loader>()
  return (
    <div>
      <PageHeader title={t('app.jobs')} />
      <div className="panel list-panel">
        {items.length ? (
          <Table rowKey="id" dataSource={items} pagination={false} size="middle" scroll={{ x: 'max-content' }} columns={[
            { key: 'title', title: t('job.type'), render: (_value, job) => <b>{job.title}</b> },
            { key: 'state', title: t('job.state'), render: (_value, job) => <><JobStateTag state={job.state} />{isOver(job) ? null : <Progress percent={percentOf(job)} size="small" style={{ width: 140 }} />}</> },
            { key: 'result', title: t('act.result'), render: (_value, job) => <>{job.problem ? <span className="field-error">{job.problem.message}</span> : null}<JobCounts job={job} /></> },
            { key: 'files', title: t('job.files'), render: (_value, job) => <JobFiles job={job} /> },
            { key: 'by', title: t('job.by'), dataIndex: 'startedBy' },
            { key: 'at', title: t('job.at'), render: (_value, job) => formatTime(job.createdAt, zone) },
            { key: 'show', title: t('list.actions'), render: (_value, job) => <Button type="link" size="small" onClick={() => (isOver(job) ? jobs.show(job.id) : jobs.follow(job.id))}>{t('job.open')}</Button> },
          ]} />
        ) : <EmptyState why={t('job.none')} hint={t('job.noneHint')} />}
        <SimplePager total={total} page={query.page} size={query.size} />
      </div>
    </div>
  )
}

export const ErrorBoundary = () => <ErrorPage />
