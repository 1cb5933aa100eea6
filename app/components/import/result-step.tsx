import { useRevalidator } from '@remix-run/react'
import { Skeleton } from 'antd'
import { useEffect, useRef } from 'react'
import { useText } from '#app/text/use-text.ts'
import { followedJobs } from '../jobs/followed-jobs.ts'
import { JobCard } from '../jobs/job-card.tsx'
import { isOver } from '../jobs/job-state.ts'
import { useJob } from '../jobs/use-job.ts'
import { useAsk } from '../ui/ask.ts'

/** Progress, then the counts and the workbook of the rows that were refused. */
export function ResultStep({ job: id }: { job: string }) {
  const t = useText()
  const ask = useAsk()
  const job = useJob(id)
  const { revalidate } = useRevalidator()
  const told = useRef(false)
  useEffect(() => {
    if (!job || !isOver(job) || told.current) return
    told.current = true
    followedJobs.end(id)
    revalidate()
  }, [id, job, revalidate])
  return (
    <div className="import-body">
      {job ? <JobCard job={job} onCancel={() => void ask('job/cancel', { id })} /> : <Skeleton active />}
      <p className="muted">{job && isOver(job) ? '' : t('job.background')}</p>
    </div>
  )
}
