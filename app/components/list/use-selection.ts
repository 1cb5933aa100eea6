import { useMemo, useState } from 'react'
import type { ListQuery, ListRow } from '#app/gateway/contracts.server.ts'

export interface Selection {
  ids: Set<string>
  revs: Record<string, number>
  /** the whole query */
  all: boolean
  choose: (rows: ListRow[], shown: ListRow[]) => void
  chooseAll: () => void
  clear: () => void
}

interface State { key: string; revs: Record<string, number>; all: boolean }
const EMPTY: Record<string, number> = {}

/** What is ticked: kept across the pages of one query, dropped when the query changes. */
export const useSelection = (entity: string, list: string, { page: _page, after: _after, size: _size, sort: _sort, ...query }: ListQuery): Selection => {
  const key = JSON.stringify([entity, list, query])
  const [state, setState] = useState<State>({ key, revs: EMPTY, all: false })
  const revs = state.key === key ? state.revs : EMPTY
  const all = state.key === key && state.all
  return useMemo(() => ({
    revs,
    all,
    ids: new Set(Object.keys(revs)),
    choose: (rows, shown) => {
      const next = { ...revs }
      for (const row of shown) delete next[row.id]
      for (const row of rows) next[row.id] = row.rev
      setState({ key, revs: next, all: false })
    },
    chooseAll: () => setState({ key, revs, all: true }),
    clear: () => setState({ key, revs: EMPTY, all: false }),
  }), [all, key, revs])
}
