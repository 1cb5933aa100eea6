import { useCallback, useEffect, useRef } from 'react'

const AGAIN_MS = [1_500, 4_000, 10_000]

/** After a button a process may go on by itself: what it has done by then is fetched without a reload of the page. */
export const useLookAgain = (look: () => void): (() => void) => {
  const timers = useRef<ReturnType<typeof setTimeout>[]>([])
  const stop = useCallback(() => { for (const timer of timers.current.splice(0)) clearTimeout(timer) }, [])
  useEffect(() => stop, [stop])
  return useCallback(() => {
    stop()
    timers.current = AGAIN_MS.map((ms) => setTimeout(look, ms))
  }, [look, stop])
}
