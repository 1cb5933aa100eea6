import type { LoaderFunctionArgs } from '@remix-run/node'
import { ErrorPage } from '#app/components/ui/error-page.tsx'
import { requireActor } from '#app/gateway/require-actor.server.ts'

/** Any other address: a friendly page inside the shell. */
export const loader = async ({ request, context }: LoaderFunctionArgs) => {
  await requireActor(request, context)
  throw Response.json({ id: context.requestId }, { status: 404 })
}

export default function Nothing() {
  return null
}

export const ErrorBoundary = () => <ErrorPage />
