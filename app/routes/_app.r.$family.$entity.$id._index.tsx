import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { RecordScreen } from '#app/components/record/record-screen.tsx'
import { ErrorPage } from '#app/components/ui/error-page.tsx'
import { requireActor } from '#app/gateway/require-actor.server.ts'
import { orErrorPage } from '#app/gateway/respond.server.ts'
import { presentRecord } from '#app/presenters/record.server.ts'

export const loader = async ({ request, params, context }: LoaderFunctionArgs) => {
  const actor = await requireActor(request, context)
  const { view } = orErrorPage(await context.services.record(actor, `${params.family}/${params.entity}`, String(params.id)), context)
  return { view: presentRecord(view) }
}

// a tab of the same record needs nothing new
export const shouldRevalidate = ({ currentUrl, nextUrl, formMethod, defaultShouldRevalidate }: { currentUrl: URL; nextUrl: URL; formMethod?: string; defaultShouldRevalidate: boolean }): boolean =>
  formMethod || currentUrl.pathname !== nextUrl.pathname || currentUrl.search === nextUrl.search ? defaultShouldRevalidate : false

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.view.title ?? '' }]

export default function Record() {
  const { view } = useLoaderData<typeof loader>()
  return <RecordScreen key={view.id} view={view} />
}

export const ErrorBoundary = () => <ErrorPage />
