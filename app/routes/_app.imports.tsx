import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { Table } from 'antd'
import { JobStateTag } from '#app/components/jobs/job-card.tsx'
import { useZone } from '#app/components/shell/use-app.ts'
import { EmptyState } from '#app/components/ui/empty-state.tsx'
import { ErrorPage } from '#app/components/ui/error-page.tsx'
import { PageHeader } from '#app/components/ui/page-header.tsx'
import { SimplePager } from '#app/components/ui/simple-pager.tsx'
import { pageQuery } from '#app/gateway/page-query.server.ts'
import { requireActor } from '#app/gateway/require-actor.server.ts'
import { orErrorPage } from '#app/gateway/respond.server.ts'
import { formatCount, formatTime } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'

export const loader = async ({ request, context }: LoaderFunctionArgs) => {
  const actor = await requireActor(request, context)
  const query = pageQuery(request)
  const entity = new URL(request.url).searchParams.get('entity') ?? undefined
  const { items, total } = orErrorPage(await context.services.imports.records(actor, entity, query), context)
  return { query, items, total }
}

export const meta: MetaFunction = () => [{ title: '导入记录' }]

export default function Imports() {
  const t = useText()
  const zone = useZone()
  const { items, total, query } = useLoaderData<typeof loader>()
  return (
    <div>
      <PageHeader title={t('import.records')} back />
      <div className="panel list-panel">
        {items.length ? (
          <Table rowKey="id" dataSource={items} pagination={false} size="middle" scroll={{ x: 'max-content' }} columns={[
            { key: 'title', title: t('import.what'), dataIndex: 'title' },
            { key: 'file', title: t('import.file'), dataIndex: 'fileName' },
            { key: 'who', title: t('import.operator'), dataIndex: 'who' },
            { key: 'role', title: t('import.role'), dataIndex: 'role' },
            { key: 'at', title: t('import.at'), render: (_value, record) => formatTime(record.at, zone) },
            { key: 'state', title: t('job.state'), render: (_value, record) => <JobStateTag state={record.state} /> },
            { key: 'ok', title: t('import.ok'), align: 'right', render: (_value, record) => formatCount(record.ok) },
            { key: 'failed', title: t('import.failed'), align: 'right', render: (_value, record) => <span className={record.failed ? 'bad' : ''}>{formatCount(record.failed)}</span> },
            { key: 'file2', title: t('list.actions'), render: (_value, record) => (record.failedFile ? <a href={`/files/${record.failedFile}`} download>{t('import.failedFile')}</a> : t('common.none')) },
          ]} />
        ) : <EmptyState why={t('import.none')} hint={t('import.noneHint')} />}
        <SimplePager total={total} page={query.page} size={query.size} />
      </div>
    </div>
  )
}

export const ErrorBoundary = () => <ErrorPage />
