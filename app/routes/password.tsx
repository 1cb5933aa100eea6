import { redirect, type ActionFunctionArgs, type LinksFunction, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import publicCss from '#app/styles/public.css?url'
import { translator } from '#app/text/translate.ts'
import { useText } from '#app/text/use-text.ts'

export const handle = { plain: true }
export const links: LinksFunction = () => [{ rel: 'stylesheet', href: publicCss }]
export const meta: MetaFunction = () => [{ title: '修改密码' }]

export const loader = async ({ context }: LoaderFunctionArgs) => {
  const session = await context.session()
  if (!session) throw redirect('/login?to=/password')
  if (session.actor.secondFactor === 'verify') throw redirect('/second-factor')
  return { csrf: session.csrf, factor: Boolean(context.services.session.secondFactor), forced: session.actor.mustChangePassword, account: session.actor.account }
}

export const action = async ({ request, context }: ActionFunctionArgs) => {
  const session = await context.session()
  if (!session) throw redirect('/login')
  const t = translator(session.actor.lang)
  const form = await request.formData()
  if (!(await context.csrfHolds(String(form.get('csrf') ?? '')))) return { errors: [t('error.403')] }
  const next = String(form.get('next') ?? '')
  if (next !== String(form.get('again') ?? '')) return { errors: [t('password.mismatch')] }
  const result = await context.services.session.changePassword(session.actor, { current: String(form.get('current') ?? ''), next, token: session.token })
  if (!result.ok) return { errors: result.problems.map((problem) => problem.message) }
  throw redirect('/', result.token ? { headers: { 'Set-Cookie': context.cookies.signIn(result.token) } } : {})
}

export default function Password() {
  const t = useText()
  const { csrf, factor, forced, account } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  return (
    <main className="phone">
      <div className="phone-main" style={{ paddingTop: '10vh' }}>
        <div className="card" style={{ padding: 28 }}>
          <h1 style={{ fontSize: 20, marginBottom: 16 }}>{t('password.title')}</h1>
          {forced && !answer ? <div className="note warn">{t('password.forced')}</div> : null}
          {answer?.errors.length ? <div className="note bad" role="alert">{answer.errors.map((message) => <div key={message}>{message}</div>)}</div> : null}
          <form method="post">
            <input type="hidden" name="csrf" value={csrf} />
            <input type="text" name="account" autoComplete="username" defaultValue={account} hidden />
            <label className="field"><span>{t('password.current')}</span><input name="current" type="password" autoComplete="current-password" required autoFocus /></label>
            <label className="field"><span>{t('password.next')}</span><input name="next" type="password" autoComplete="new-password" required /><small>{t('password.rules')}</small></label>
            <label className="field"><span>{t('password.again')}</span><input name="again" type="password" autoComplete="new-password" required /></label>
            <button className="button primary wide">{t('password.submit')}</button>
          </form>
          {forced ? null : <p style={{ marginTop: 16 }}><a href="/">{t('common.back')}</a>{factor ? <> · <a href="/second-factor">{t('factor.title')}</a></> : null}</p>}
        </div>
      </div>
    </main>
  )
}
