import { useCallback } from 'react'
import type { Result } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { useApp } from '../shell/use-app.ts'

export type Ask = <T>(path: string, body: unknown, signal?: AbortSignal) => Promise<Result<T>>

let leaving = false
/** The session has ended and the page is on its way to the sign-in page: nobody needs to be asked whether to leave. */
export const isSignedOut = (): boolean => leaving

const signInAgain = (): void => {
  leaving = true
  window.location.assign(`/login?expired=1&to=${encodeURIComponent(window.location.pathname + window.location.search)}`)
}

/** Calls one of the `/x/…` endpoints. A broken network is a refusal like any other; an ended session leads to the sign-in page and back. */
export const useAsk = (): Ask => {
  const { csrf } = useApp()
  const t = useText()
  return useCallback(async <T,>(path: string, body: unknown, signal?: AbortSignal): Promise<Result<T>> => {
    try {
      const response = await fetch(`/x/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'x-csrf': csrf }, body: JSON.stringify(body), ...(signal && { signal }) })
      const result = (await response.json()) as Result<T>
      if (response.status === 401) signInAgain()
      return result
    } catch {
      if (signal?.aborted) return { ok: false, code: 'ABORTED', status: 0, problems: [] }
      return { ok: false, code: 'NETWORK', status: 0, problems: [{ code: 'NETWORK', message: t('common.network') }] }
    }
  }, [csrf, t])
}
