import { useEffect, useState } from 'react'
import type { JobView } from '#app/gateway/contracts.server.ts'
import { useAsk } from '../ui/ask.ts'
import { isOver } from './job-state.ts'

const POLL_MS = 2000

/** Follows one job: server-sent events, and polling when they break. Null until the first word. */
export const useJob = (id: string | null): JobView | null => {
  const ask = useAsk()
  const [job, setJob] = useState<JobView | null>(null)
  useEffect(() => {
    if (!id) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let ended = false
    const poll = async (): Promise<void> => {
      const result = await ask<{ job: JobView }>('job/get', { id })
      if (ended) return
      if (result.ok) setJob(result.job)
      if (!result.ok && result.status !== 0) return
      if (!result.ok || !isOver(result.job)) timer = setTimeout(() => void poll(), POLL_MS)
    }
    const events = new EventSource(`/events/jobs/${encodeURIComponent(id)}`)
    events.onmessage = (event: MessageEvent<string>) => {
      const next = JSON.parse(event.data) as JobView
      setJob(next)
      if (isOver(next)) events.close()
    }
    events.onerror = () => {
      events.close()
      if (!ended) void poll()
    }
    return () => {
      ended = true
      events.close()
      clearTimeout(timer)
    }
  }, [ask, id])
  return job?.id === id ? job : null
}
