import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import padScript from 'signature-pad-script?url'
import { PhonePage } from '#app/components/public/phone-page.tsx'
import { ErrorPage } from '#app/components/ui/error-page.tsx'
import { LanguageForm } from '#app/components/ui/language-form.tsx'
import { drawFrom } from '#app/gateway/draw-signature.server.ts'
import { orErrorPage } from '#app/gateway/respond.server.ts'
import { useNonce } from '#app/nonce.ts'
import publicCss from '#app/styles/public.css?url'
import { useText } from '#app/text/use-text.ts'

export const handle = { plain: true }
export const links: LinksFunction = () => [{ rel: 'stylesheet', href: publicCss }]
export const meta: MetaFunction = () => [{ title: '签名' }, { name: 'robots', content: 'noindex' }]

export const loader = async ({ params, context }: LoaderFunctionArgs) => {
  const { signature } = orErrorPage(await context.services.signatures.show(String(params.code)), context)
  return { signature }
}

export const action = async ({ request, params, context }: ActionFunctionArgs) => {
  const result = await drawFrom(request, String(params.code), context)
  return result.ok ? { errors: [] } : { errors: result.problems.map((problem) => problem.message) }
}

export default function Sign() {
  const t = useText()
  const nonce = useNonce()
  const { signature } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const open = signature.state === 'waiting' && answer?.errors.length !== 0
  return (
    <PhonePage title={t('sign.title')} beside={<LanguageForm to={`/sign/${signature.code}`} />}>
      {signature.state === 'expired' ? <div className="note bad" role="alert">{t('sign.expired')}</div> : null}
      {answer?.errors.length ? <div className="note bad" role="alert">{answer.errors.map((message) => <div key={message}>{message}</div>)}</div> : null}
      {open ? null : signature.state !== 'expired' ? <div className="note ok" role="status">{t('sign.thanks')}</div> : null}
      {open ? (
        <form method="post" id="sign-form">
          <div className="card"><h2>{signature.purpose}</h2><p className="muted">{t('sign.count', { n: signature.count })}</p></div>
          <canvas id="pad" className="pad" aria-label={t('sign.here')} />
          <input type="hidden" name="png" id="png" />
          <p className="note warn" id="sign-empty" role="alert" hidden>{t('sign.empty')}</p>
          <div className="pad-tools"><button type="button" className="button" id="sign-clear">{t('sign.clear')}</button><button className="button primary" id="sign-ok">{t('sign.confirm')}</button></div>
          <noscript><p className="note warn">{t('sign.noScript')}</p></noscript>
          <script src={padScript} nonce={nonce} defer />
          <script src="/sign.js" nonce={nonce} defer />
        </form>
      ) : null}
    </PhonePage>
  )
}

export const ErrorBoundary = () => <ErrorPage />
