import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { IncidentScreen } from '#app/components/incident/incident-screen.tsx'
import { ErrorPage } from '#app/components/ui/error-page.tsx'
import { pageQuery } from '#app/gateway/page-query.server.ts'
import { requireActor } from '#app/gateway/require-actor.server.ts'
import { orErrorPage } from '#app/gateway/respond.server.ts'

export const loader = async ({ request, context }: LoaderFunctionArgs) => {
  const actor = await requireActor(request, context)
  const query = { ...pageQuery(request), resolved: new URL(request.url).searchParams.get('resolved') === '1' }
  const { items, total } = orErrorPage(await context.services.incidents.list(actor, query), context)
  return { query, items, total }
}

export const meta: MetaFunction = () => [{ title: '流程异常' }]

export default function Incidents() {
  const { items, total, query } = useLoaderData<typeof loader>()
  return <IncidentScreen items={items} total={total} query={query} />
}

export const ErrorBoundary = () => <ErrorPage />
