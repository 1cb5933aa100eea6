import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { readListQuery } from '#app/components/list/list-query.ts'
import { ListScreen } from '#app/components/list/list-screen.tsx'
import { ReportScreen } from '#app/components/report/report-screen.tsx'
import { ErrorPage } from '#app/components/ui/error-page.tsx'
import { requireActor } from '#app/gateway/require-actor.server.ts'
import { orErrorPage } from '#app/gateway/respond.server.ts'

export const loader = async ({ request, params, context }: LoaderFunctionArgs) => {
  const actor = await requireActor(request, context)
  const search = new URL(request.url).searchParams
  const { list, ...query } = readListQuery(search)
  const report = search.get('report')
  if (report) {
    const { ok: _ok, ...view } = orErrorPage(await context.services.reports(actor, `${params.family}/${params.entity}`, report, query), context)
    return { report: view, view: null, title: view.title }
  }
  const { view } = orErrorPage(await context.services.list(actor, `${params.family}/${params.entity}`, list, query), context)
  return { report: null, view, title: view.title }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? '' }]

export default function List() {
  const { view, report } = useLoaderData<typeof loader>()
  if (report) return <ReportScreen key={`${report.entity} ${report.id}`} view={report} />
  return <ListScreen key={`${view.entity} ${view.list}`} view={view} />
}

export const ErrorBoundary = () => <ErrorPage />
