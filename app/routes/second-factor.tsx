import { json, redirect, type ActionFunctionArgs, type LinksFunction, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import publicCss from '#app/styles/public.css?url'
import { translator } from '#app/text/translate.ts'
import { useText } from '#app/text/use-text.ts'

export const handle = { plain: true }
export const links: LinksFunction = () => [{ rel: 'stylesheet', href: publicCss }]
export const meta: MetaFunction = () => [{ title: '两步验证' }]

/** Asked at sign-in, enrolled once, or shown as it stands. */
export const loader = async ({ context }: LoaderFunctionArgs) => {
  const session = await context.session()
  const factor = context.services.session.secondFactor
  if (!session) throw redirect('/login?to=/second-factor')
  const { actor, csrf } = session
  if (!factor) throw redirect('/')
  if (actor.secondFactor !== 'verify' && actor.mustChangePassword) throw redirect('/password')
  const state = await factor.state(actor)
  const begun = state.enrolled ? null : await factor.begin(actor)
  const enrol = begun?.ok ? { secret: begun.secret.replace(/.{4}(?=.)/g, '$& '), qr: begun.qr } : null
  return json({ csrf, mode: actor.secondFactor === 'verify' ? 'verify' as const : enrol ? 'enrol' as const : 'on' as const, enrol, ...state }, { headers: { 'Cache-Control': 'no-store' } })
}

export const action = async ({ request, context }: ActionFunctionArgs) => {
  const session = await context.session()
  const factor = context.services.session.secondFactor
  if (!session || !factor) throw redirect('/login')
  const t = translator(session.actor.lang)
  const form = await request.formData()
  if (!(await context.csrfHolds(String(form.get('csrf') ?? '')))) return json({ errors: [t('error.403')], codes: [] as string[] })
  const input = { token: session.token, code: String(form.get('code') ?? '').slice(0, 60), address: context.address }
  const step = form.get('step')
  if (step === 'enrol') {
    const on = await factor.confirm(session.actor, input)
    if (on.ok) return json({ errors: [], codes: on.codes }, { headers: { 'Set-Cookie': context.cookies.signIn(on.token), 'Cache-Control': 'no-store' } })
    return json({ errors: on.problems.map((p) => p.message), codes: [] })
  }
  if (step === 'verify') {
    const open = await factor.verify(session.actor, input)
    if (open.ok) throw redirect(session.actor.portal === 'me' ? '/me' : '/', { headers: { 'Set-Cookie': context.cookies.signIn(open.token) } })
    return json({ errors: open.problems.map((p) => p.message), codes: [] })
  }
  const off = await factor.remove(session.actor, input)
  if (off.ok) throw redirect('/password')
  return json({ errors: off.problems.map((p) => p.message), codes: [] })
}

export default function SecondFactor() {
  const t = useText()
  const { csrf, mode, enrol, required, codesLeft } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  if (answer?.codes.length) {
    return (
      <Card title={t('factor.codes')}>
        <div className="note warn" role="status">{t('factor.codes.once')}</div>
        <ul className="recovery-codes">{answer.codes.map((code) => <li key={code}><code>{code}</code></li>)}</ul>
        <p><a className="button primary wide" href="/">{t('factor.codes.kept')}</a></p>
      </Card>
    )
  }
  return (
    <Card title={t('factor.title')}>
      {mode === 'enrol' && required && !answer ? <div className="note warn">{t('factor.required')}</div> : null}
      {answer?.errors.length ? <div className="note bad" role="alert">{answer.errors.map((message) => <div key={message}>{message}</div>)}</div> : null}
      {mode === 'enrol' && enrol ? (
        <>
          <p>{t('factor.scan')}</p>
          <p style={{ textAlign: 'center' }}><img src={enrol.qr} width="200" height="200" alt={t('factor.qr')} /></p>
          <p className="muted">{t('factor.secret')}<br /><code>{enrol.secret}</code></p>
        </>
      ) : null}
      {mode === 'on' ? <p>{t('factor.on', { n: codesLeft })}</p> : null}
      {mode === 'on' && required ? null : (
        <form method="post">
          <input type="hidden" name="csrf" value={csrf} />
          <input type="hidden" name="step" value={mode === 'on' ? 'remove' : mode} />
          <label className="field"><span>{t('factor.code')}</span><input name="code" inputMode={mode === 'enrol' ? 'numeric' : 'text'} autoComplete="one-time-code" required autoFocus maxLength={20} />{mode === 'verify' ? <small>{t('factor.recovery')}</small> : null}</label>
          <button className="button primary wide">{t(mode === 'on' ? 'factor.remove' : mode === 'enrol' ? 'factor.enrol' : 'factor.verify')}</button>
        </form>
      )}
      {mode === 'on' || (mode === 'enrol' && !required) ? <p style={{ marginTop: 16 }}><a href="/">{t('common.back')}</a></p> : <form method="post" action="/logout" style={{ marginTop: 16 }}><input type="hidden" name="csrf" value={csrf} /><button className="plain-link">{t('app.signOut')}</button></form>}
    </Card>
  )
}

const Card = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <main className="phone"><div className="phone-main" style={{ paddingTop: '8vh' }}><div className="card" style={{ padding: 28 }}><h1 style={{ fontSize: 20, marginBottom: 16 }}>{title}</h1>{children}</div></div></main>
)
