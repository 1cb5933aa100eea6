import type { JsonObject } from '#app/gateway/contracts.server.ts'

export interface Draft { at: string; rev?: number; data: JsonObject }
const PREFIX = 'cf.draft:'
const KEEP_DAYS = 14

const valid = (text: string): boolean => {
  try {
    const draft = JSON.parse(text) as Partial<Draft> | null
    return typeof draft?.at === 'string' && typeof draft.data === 'object' && Date.now() - Date.parse(draft.at) < KEEP_DAYS * 86_400_000
  } catch {
    return false
  }
}

/** The stored draft as text, or null when there is none, it is broken, or it is older than two weeks. */
export const readDraft = (key: string): string | null => {
  try {
    const text = localStorage.getItem(PREFIX + key)
    return text && valid(text) ? text : null
  } catch {
    return null
  }
}

/** False when this device does not keep it (private browsing, full). */
export const writeDraft = (key: string, draft: Draft): boolean => {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(draft))
    return true
  } catch {
    return false
  }
}

export const removeDraft = (key: string): void => {
  try {
    localStorage.removeItem(PREFIX + key)
  } catch {
    // nothing was kept
  }
}

/** Forgets every draft on this device: somebody who signs out leaves nothing behind. */
export const removeAllDrafts = (): void => {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key)
  } catch {
    // nothing was kept
  }
}
