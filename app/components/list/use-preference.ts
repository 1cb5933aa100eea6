import { useCallback, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** A choice of this person on this device (columns, density). `fallback` while rendering on the server. */
export const usePreference = (key: string, fallback: string): [string, (value: string) => void] => {
  const value = useSyncExternalStore(subscribe, () => read(`cf.${key}`) ?? fallback, () => fallback)
  const set = useCallback((next: string) => {
    try {
      localStorage.setItem(`cf.${key}`, next)
    } catch {
      // storage is off: the choice lasts for this page only
    }
    for (const listener of listeners) listener()
  }, [key])
  return [value, set]
}
