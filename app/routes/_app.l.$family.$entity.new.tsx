import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { FormScreen } from '#app/components/form/form-screen.tsx'
import { ErrorPage } from '#app/components/ui/error-page.tsx'
import { requireActor } from '#app/gateway/require-actor.server.ts'
import { orErrorPage } from '#app/gateway/respond.server.ts'

export const loader = async ({ request, params, context }: LoaderFunctionArgs) => {
  const actor = await requireActor(request, context)
  const target = { entity: `${params.family}/${params.entity}` }
  const { form } = orErrorPage(await context.services.form(actor, target), context)
  return { form, target }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.form.title ?? '' }]

export default function New() {
  const { form, target } = useLoaderData<typeof loader>()
  return <FormScreen key={target.entity} form={form} target={target} />
}

export const shouldRevalidate = (): boolean => false

export const ErrorBoundary = () => <ErrorPage />
