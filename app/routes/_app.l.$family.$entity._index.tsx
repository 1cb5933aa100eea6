import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { readListQuery } from '#app/components/list/list-query.ts'
import { ListScreen } from '#app/components/list/list-screen.tsx'
import { ErrorPage } from '#app/components/ui/error-page.tsx'
import { requireActor } from '#app/gateway/require-actor.server.ts'
import { orErrorPage } from '#app/gateway/respond.server.ts'

export const loader = async ({ request, params, context }: LoaderFunctionArgs) => {
  const actor = await requireActor(request, context)
  const { list, ...query } = readListQuery(new URL(request.url).searchParams)
  const { view } = orErrorPage(await context.services.list(actor, `${params.family}/${params.entity}`, list, query), context)
  return { view }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.view.title ?? '' }]

export default function List() {
  const { view } = useLoaderData<typeof loader>()
  return <ListScreen key={`${view.entity} ${view.list}`} view={view} />
}

export const ErrorBoundary = () => <ErrorPage />
