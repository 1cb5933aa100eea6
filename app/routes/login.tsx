import { redirect, type ActionFunctionArgs, type LinksFunction, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { LanguageForm } from '#app/components/ui/language-form.tsx'
import { fromThisSite } from '#app/gateway/from-this-site.server.ts'
import { safeReturn } from '#app/gateway/require-actor.server.ts'
import publicCss from '#app/styles/public.css?url'
import { translator } from '#app/text/translate.ts'
import { useText } from '#app/text/use-text.ts'

export const handle = { plain: true }
export const links: LinksFunction = () => [{ rel: 'stylesheet', href: publicCss }]
export const meta: MetaFunction = () => [{ title: '登录' }]

export const loader = async ({ request, context }: LoaderFunctionArgs) => {
  const url = new URL(request.url)
  const to = safeReturn(url.searchParams.get('to'))
  const session = await context.session()
  if (session) throw redirect(session.actor.mustChangePassword ? '/password' : to)
  const lookups = await context.services.lookups.list(context.lang)
  return { to, expired: url.searchParams.has('expired'), out: url.searchParams.has('out'), lookups: lookups.length > 0 }
}

export const action = async ({ request, context }: ActionFunctionArgs) => {
  const t = translator(context.lang)
  const form = await request.formData()
  const account = String(form.get('account') ?? '').trim()
  const password = String(form.get('password') ?? '')
  const to = safeReturn(String(form.get('to') ?? ''))
  if (!fromThisSite(request)) return { account, errors: [t('error.403')] }
  if (!account || !password) return { account, errors: [t('login.missing')] }
  const userAgent = request.headers.get('user-agent') ?? undefined
  const result = await context.services.session.signIn({ account, password, address: context.address, lang: context.lang, ...(userAgent && { userAgent }) })
  if (!result.ok) return { account, errors: result.problems.map((problem) => problem.message) }
  const next = result.mustChangePassword ? '/password' : to === '/' ? safeReturn(result.home) : to
  throw redirect(next, { headers: { 'Set-Cookie': context.cookies.signIn(result.token) } })
}

export default function Login() {
  const t = useText()
  const { to, expired, out, lookups } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  return (
    <div className="gate">
      <aside className="gate-side">
        <div className="seal" aria-hidden><svg width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round"><path d="M5 12.5l4.5 4.5L19 7" /></svg></div>
        <div>
          <h2>{t('login.side')}</h2>
          <p>{t('login.side.text')}</p>
        </div>
        <ul>{lookups ? <li><a href="/verify">{t('login.public')}</a></li> : null}</ul>
      </aside>
      <main className="gate-main">
        <div className="lang"><LanguageForm to="/login" /></div>
        <h1>{t('login.title')}</h1>
        {answer?.errors.length ? <div className="note bad" role="alert">{answer.errors.map((message) => <div key={message}>{message}</div>)}</div> : null}
        {!answer && expired ? <div className="note warn" role="status">{t('login.expired')}</div> : null}
        {!answer && out ? <div className="note ok" role="status">{t('login.signedOut')}</div> : null}
        <form method="post">
          <input type="hidden" name="to" value={to} />
          <label className="field"><span>{t('login.account')}</span><input name="account" autoComplete="username" required autoFocus defaultValue={answer?.account} spellCheck={false} autoCapitalize="none" /></label>
          <label className="field"><span>{t('login.password')}</span><input name="password" type="password" autoComplete="current-password" required /></label>
          <button className="button primary wide" type="submit">{t('login.submit')}</button>
        </form>
        <p className="muted" style={{ marginTop: 16 }}>{t('login.help')}</p>
      </main>
    </div>
  )
}
