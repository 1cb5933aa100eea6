import { useCallback, useEffect, useRef, useState } from 'react'
import type { FieldContext } from '../form/form-context.ts'

const COMMIT_MS = 350
// a press of the mouse leaves the field before it is let go: what the form shows anew must not move the button away in between
const LEAVE_MS = 200

/**
 * Text that is typed locally and handed to the form a moment later, soon after the field is left: typing stays fluid however large the form.
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

  const later = useCallback((typed: string, ms: number) => {
    if (pending.current) clearTimeout(pending.current.timer)
    pending.current = { text: typed, timer: setTimeout(flush, ms) }
  }, [flush])
  const leave = useCallback(() => { if (pending.current) later(pending.current.text, LEAVE_MS) }, [later])

  const type = useCallback((next: string) => {
    setText(next)
    setDirty(true)
    later(next, COMMIT_MS)
  }, [later])

  return { text, type, leave }
}
