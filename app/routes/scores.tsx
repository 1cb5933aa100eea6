import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { LookupScreen } from '#app/components/public/lookup-screen.tsx'
import { ErrorPage } from '#app/components/ui/error-page.tsx'
import { askLookup, loadLookups } from '#app/gateway/ask-lookup.server.ts'
import publicCss from '#app/styles/public.css?url'
import { useText } from '#app/text/use-text.ts'

export const handle = { plain: true }
export const links: LinksFunction = () => [{ rel: 'stylesheet', href: publicCss }]
export const meta: MetaFunction = () => [{ title: '成绩查询' }]
export const loader = ({ request, context }: LoaderFunctionArgs) => loadLookups(request, context)
export const action = ({ request, context }: ActionFunctionArgs) => askLookup(request, context)

export default function Scores() {
  const t = useText()
  const { lookups, chosen, given } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  return <LookupScreen title={t('scores.title')} path="/scores" lookups={lookups} chosen={chosen} given={given} answer={answer} />
}

export const ErrorBoundary = () => <ErrorPage />
