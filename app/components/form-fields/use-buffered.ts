import { useCallback, useEffect, useRef, useState } from 'react'
import type { FieldContext } from '../form/form-context.ts'

const COMMIT_MS = 350

/**
 * Text that is typed locally and handed to the form a moment later, or when the field is left: typing stays fluid however large the form.
 * A value that comes from outside (a refresh) is taken over unless the person is typing.
 */
export const useBuffered = (value: string, commit: (text: string) => void, context: FieldContext | undefined) => {
  const [text, setText] = useState(value)
  const [seen, setSeen] = useState(value)
  const [dirty, setDirty] = useState(false)
  const pending = useRef<{ text: string; timer: ReturnType<typeof setTimeout> } | null>(null)
  const latest = useRef(commit)
  useEffect(() => { latest.current = commit })

  if (value !== seen) {
    setSeen(value)
    if (!dirty) setText(value)
  }

  const flush = useCallback(() => {
    if (!pending.current) return
    clearTimeout(pending.current.timer)
    const { text: typed } = pending.current
    pending.current = null
    setDirty(false)
    latest.current(typed)
  }, [])

  useEffect(() => {
    const set = context?.flush
    set?.add(flush)
    return () => {
      set?.delete(flush)
      flush()
    }
  }, [context?.flush, flush])

  const type = useCallback((next: string) => {
    setText(next)
    setDirty(true)
    if (pending.current) clearTimeout(pending.current.timer)
    pending.current = { text: next, timer: setTimeout(flush, COMMIT_MS) }
  }, [flush])

  return { text, type, flush }
}
