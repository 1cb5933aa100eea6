import type { ListView } from '#app/gateway/contracts.server.ts'

const KEY = 'cf.rows'
interface Kept { entity: string; back: string; rows: { id: string; href: string }[] }

/** Remembers the rows of the list last shown, so that a record page can lead to the next one. */
export const rememberRows = (view: Pick<ListView, 'entity' | 'rows'>): void => {
  const kept: Kept = { entity: view.entity, back: window.location.pathname + window.location.search, rows: view.rows.map(({ id, href }) => ({ id, href })) }
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept))
  } catch {
    // no storage: the record page then has no previous and next
  }
}

/** The rows before and after a record in the list last shown. */
export const neighboursOf = (stored: string | null, entity: string, id: string): { back?: string; prev?: string; next?: string } => {
  if (!stored) return {}
  try {
    const kept = JSON.parse(stored) as Kept
    const at = kept.entity === entity ? kept.rows.findIndex((row) => row.id === id) : -1
    if (at < 0) return {}
    const [prev, next] = [kept.rows[at - 1]?.href, kept.rows[at + 1]?.href]
    return { back: kept.back, ...(prev && { prev }), ...(next && { next }) }
  } catch {
    return {}
  }
}

export const readRows = (): string | null => {
  try {
    return sessionStorage.getItem(KEY)
  } catch {
    return null
  }
}
