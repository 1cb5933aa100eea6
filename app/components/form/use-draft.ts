import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { JsonObject } from '#app/gateway/contracts.server.ts'
import { readDraft, removeDraft, writeDraft, type Draft } from './draft-store.ts'

const SAVE_MS = 1500
const never = (): (() => void) => () => undefined

/** Keeps what is typed on this device until it is saved on the server, and finds what was kept before. */
export const useDraft = (key: string, rev: number | undefined) => {
  const before = useSyncExternalStore(never, () => readDraft(key), () => null)
  const [settled, setSettled] = useState(false)
  const [savedAt, setSavedAt] = useState<string | null>(null)
  const [dirty, setDirty] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const save = useCallback((data: JsonObject) => {
    clearTimeout(timer.current)
    const at = new Date().toISOString()
    if (writeDraft(key, { at, data, ...(rev !== undefined && { rev }) })) setSavedAt(at)
  }, [key, rev])
  const change = useCallback((data: JsonObject) => {
    setDirty(true)
    setSettled(true)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => save(data), SAVE_MS)
  }, [save])
  const clear = useCallback(() => {
    clearTimeout(timer.current)
    removeDraft(key)
    setSettled(true)
    setDirty(false)
    setSavedAt(null)
  }, [key])
  const settle = useCallback(() => setSettled(true), [])
  useEffect(() => () => clearTimeout(timer.current), [])

  return useMemo(() => {
    const parsed = before && !settled ? (JSON.parse(before) as Draft) : null
    return { found: parsed, savedAt, dirty, change, clear, save, settle }
  }, [before, change, clear, dirty, save, savedAt, settle, settled])
}
