import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { PhonePage } from '#app/components/public/phone-page.tsx'
import { ErrorPage } from '#app/components/ui/error-page.tsx'
import { LanguageForm } from '#app/components/ui/language-form.tsx'
import { requireSession } from '#app/gateway/require-actor.server.ts'
import { presentMe } from '#app/presenters/me.server.ts'
import publicCss from '#app/styles/public.css?url'
import { useText } from '#app/text/use-text.ts'

export const handle = { plain: true }
export const links: LinksFunction = () => [{ rel: 'stylesheet', href: publicCss }]
export const meta: MetaFunction = () => [{ title: '个人中心' }]

export const loader = async ({ request, context }: LoaderFunctionArgs) => {
  const { actor, csrf } = await requireSession(request, context)
  return { csrf, ...(await presentMe(context.services, actor)) }
}

export default function Me() {
  const t = useText()
  const { csrf, name, orgName, portalTitle, tasks, lists } = useLoaderData<typeof loader>()
  return (
    <PhonePage title={portalTitle} beside={<LanguageForm to="/me" csrf={csrf} />} foot={
      <form method="post" action="/logout"><input type="hidden" name="csrf" value={csrf} /><a href="/password">{t('app.password')}</a> · <button className="plain-link">{t('app.signOut')}</button></form>
    }>
      <p className="hello">{t('me.hello', { name })}<small>{orgName}</small></p>
      {tasks.length ? <section className="card"><h2>{t('me.tasks')}<span className="tag-plain">{tasks.length}</span></h2><ul className="rows">{tasks.map((task) => <li key={task.id}><a href={task.href}><span>{task.what}<small>{task.title}</small></span><span className="tag-plain">{task.due}</span></a></li>)}</ul></section> : null}
      {lists.map((list) => (
        <section key={list.href} className="card">
          <h2>{list.title}<a href={list.href}>{list.total}</a></h2>
          {list.rows.length ? <ul className="rows">{list.rows.map((row) => <li key={row.href}><a href={row.href}><span>{row.title}<small>{row.details.join(' · ')}</small></span>{row.state ? <span className="tag-plain">{row.state}</span> : null}</a></li>)}</ul> : <p className="muted">{t('me.none')}</p>}
        </section>
      ))}
    </PhonePage>
  )
}

export const ErrorBoundary = () => <ErrorPage />
