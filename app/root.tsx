import { Links, Meta, Outlet, Scripts, ScrollRestoration, useMatches, useRouteLoaderData } from '@remix-run/react'
import type { LinksFunction, LoaderFunctionArgs } from '@remix-run/node'
import type { CSSProperties, ReactNode } from 'react'
import { ErrorPage } from './components/ui/error-page.tsx'
import { useNonce } from './nonce.ts'
import baseCss from './styles/base.css?url'

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: baseCss }, { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' }]

export const loader = async ({ context }: LoaderFunctionArgs) => {
  const session = await context.session()
  return { lang: session?.actor.lang ?? context.lang }
}

// only a write can change the language
export const shouldRevalidate = ({ formMethod }: { formMethod?: string }): boolean => formMethod === 'POST'

/** A page whose handle says `plain` is sent without any script: it is plain HTML with forms and links. */
const usePlain = (): boolean => useMatches().some((match) => (match.handle as { plain?: boolean } | undefined)?.plain)

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce()
  const data = useRouteLoaderData<typeof loader>('root')
  const plain = usePlain()
  // dialogs are drawn outside the shell and want its colour too
  const accent = (useRouteLoaderData('routes/_app') as { accent: string } | undefined)?.accent
  return (
    <html lang={data?.lang === 'en' ? 'en' : 'zh-CN'} style={accent ? ({ '--accent': accent } as CSSProperties) : undefined}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <Meta />
        <Links />
        {typeof document === 'undefined' && !plain ? <meta name="ui-tokens" /> : null}
      </head>
      <body>
        {children}
        {plain ? null : <ScrollRestoration nonce={nonce} />}
        {plain ? null : <Scripts nonce={nonce} />}
      </body>
    </html>
  )
}

export default function App() {
  return <Outlet />
}

export const ErrorBoundary = () => <ErrorPage />
