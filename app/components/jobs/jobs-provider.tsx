import { useRevalidator } from '@remix-run/react'
import { Badge, Drawer, Skeleton } from 'antd'
import { SyncOutlined } from '@ant-design/icons'
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from 'react'
import { useText } from '#app/text/use-text.ts'
import { useAsk } from '../ui/ask.ts'
import { followedJobs } from './followed-jobs.ts'
import { JobCard } from './job-card.tsx'
import { isOver } from './job-state.ts'
import { useJob } from './use-job.ts'

interface Jobs { follow: (id: string) => void; show: (id: string) => void }
const JobsContext = createContext<Jobs | null>(null)

/** Starts following a job, or shows one. */
export const useJobs = (): Jobs => {
  const jobs = useContext(JobsContext)
  if (!jobs) throw new Error('useJobs is called outside JobsProvider')
  return jobs
}

function FollowedJob({ id, onOver }: { id: string; onOver: () => void }) {
  const job = useJob(id)
  const ask = useAsk()
  const told = useRef(false)
  useEffect(() => {
    if (!job || !isOver(job) || told.current) return
    told.current = true
    followedJobs.end(id)
    onOver()
  }, [id, job, onOver])
  return job ? <JobCard job={job} onCancel={() => void ask('job/cancel', { id })} /> : <Skeleton active paragraph={{ rows: 2 }} />
}

/** The progress drawer: closing it, or the page, does not stop the job; it can be opened again from the corner. */
export function JobsProvider({ children }: { children: ReactNode }) {
  const t = useText()
  const { revalidate } = useRevalidator()
  const running = useSyncExternalStore(followedJobs.subscribe, followedJobs.list, followedJobs.none)
  const [shown, setShown] = useState<string[]>([])
  const [open, setOpen] = useState(false)
  const show = useCallback((id: string) => {
    setShown((now) => [id, ...now.filter((other) => other !== id)])
    setOpen(true)
  }, [])
  const follow = useCallback((id: string) => {
    followedJobs.start(id)
    show(id)
  }, [show])
  const jobs = useMemo(() => ({ follow, show }), [follow, show])
  const listed = [...new Set([...shown, ...running])]
  const reopen = (): void => {
    setShown((now) => [...new Set([...now, ...running])])
    setOpen(true)
  }
  const close = (): void => {
    setOpen(false)
    setShown([])
  }
  return (
    <JobsContext.Provider value={jobs}>
      {children}
      {running.length && !open ? (
        <button type="button" className="job-corner" onClick={reopen} title={t('job.open')}>
          <Badge dot status="processing"><SyncOutlined spin /></Badge> {t('job.running.n', { n: running.length })}
        </button>
      ) : null}
      <Drawer open={open} onClose={close} title={t('job.title')} size={440} destroyOnHidden>
        {listed.map((id) => <FollowedJob key={id} id={id} onOver={revalidate} />)}
        <p className="muted">{t('job.background')}</p>
      </Drawer>
    </JobsContext.Provider>
  )
}
