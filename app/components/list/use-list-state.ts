import { useNavigate, useSearchParams } from '@remix-run/react'
import { useCallback, useMemo } from 'react'
import type { ListQuery } from '#app/gateway/contracts.server.ts'
import { readListQuery, writeListQuery } from './list-query.ts'

/** The list's state lives in the address, so that back, reload and sharing work. */
export const useListState = () => {
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const state = useMemo(() => readListQuery(params), [params])
  const go = useCallback((change: Partial<ListQuery & { list: string }>, options?: { keepPage?: boolean }) => {
    const { after: _after, page, ...rest } = state
    const next = { ...rest, ...(options?.keepPage && page && { page }), ...change }
    navigate({ search: writeListQuery(next).toString() }, { preventScrollReset: true })
  }, [navigate, state])
  return { state, go }
}
