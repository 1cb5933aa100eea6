import { isRouteErrorResponse, useRouteError } from '@remix-run/react'
import { useText } from '#app/text/use-text.ts'

const dataOf = (error: unknown): { message?: string; id?: string } =>
  isRouteErrorResponse(error) && typeof error.data === 'object' && error.data !== null ? (error.data as { message?: string; id?: string }) : {}

/** What a person sees when a page cannot be shown: what happened, the way on, a number to report. Never a stack. */
export function ErrorPage() {
  const error = useRouteError()
  const t = useText()
  const status = isRouteErrorResponse(error) ? error.status : 500
  const { message, id } = dataOf(error)
  const standard = status === 404 ? t('error.404') : status === 403 ? t('error.403') : t('error.500')
  return (
    <main className="error-page" role="alert">
      <p className="error-code" aria-hidden>{status}</p>
      <h1>{t('error.title')}</h1>
      <p>{message || standard}</p>
      {id ? <p className="muted">{t('error.number', { id })}</p> : null}
      <p className="error-ways">
        <a className="button primary" href="/">{t('error.home')}</a>
        <a className="button" href="">{t('error.retry')}</a>
      </p>
    </main>
  )
}
