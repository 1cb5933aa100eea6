import type { LinksFunction, LoaderFunctionArgs } from '@remix-run/node'
import { Outlet, useLoaderData } from '@remix-run/react'
import antdCss from 'antd/dist/antd.css?url'
import { ActionsProvider } from '#app/components/actions/actions-provider.tsx'
import { JobsProvider } from '#app/components/jobs/jobs-provider.tsx'
import { accentOf } from '#app/components/shell/accent.ts'
import { AppShell } from '#app/components/shell/app-shell.tsx'
import { Theme } from '#app/components/shell/theme.tsx'
import { ErrorPage } from '#app/components/ui/error-page.tsx'
import { requireSession } from '#app/gateway/require-actor.server.ts'
import appCss from '#app/styles/app.css?url'
import formCss from '#app/styles/form.css?url'

export const links: LinksFunction = () => [antdCss, appCss, formCss].map((href) => ({ rel: 'stylesheet', href }))

export const loader = async ({ request, context }: LoaderFunctionArgs) => {
  const { actor, csrf } = await requireSession(request, context)
  const { name, account, roleTitle, orgName, portal, programme } = actor
  return { csrf, accent: accentOf(portal), person: { name, account, roleTitle, orgName, portal, programme }, shell: await context.services.shell(actor) }
}

export default function AppLayout() {
  const { accent } = useLoaderData<typeof loader>()
  return (
    <Theme accent={accent}>
      <JobsProvider>
        <ActionsProvider>
          <AppShell><Outlet /></AppShell>
        </ActionsProvider>
      </JobsProvider>
    </Theme>
  )
}

export const ErrorBoundary = () => <ErrorPage />
