import { DownloadOutlined } from '@ant-design/icons'
import { Alert, Button, Progress, Tag } from 'antd'
import type { JobView } from '#app/gateway/contracts.server.ts'
import { formatBytes, formatCount, formatSpan } from '#app/text/format.ts'
import { useLang, useText } from '#app/text/use-text.ts'
import { Warnings } from '../ui/warnings.tsx'
import { isOver, percentOf } from './job-state.ts'

const COLOURS = { waiting: 'default', running: 'processing', done: 'success', failed: 'error', cancelled: 'default' } as const

export function JobStateTag({ state }: { state: JobView['state'] }) {
  const t = useText()
  return <Tag color={COLOURS[state]}>{t(`job.${state}`)}</Tag>
}

/** The files a job made, each as a download. */
export function JobFiles({ job }: { job: JobView }) {
  return (
    <div className="job-files">
      {job.result?.files?.map((file) => (
        <a key={file.id} href={`/files/${file.id}`} download className="job-file"><DownloadOutlined /> <span>{file.name}</span><small>{formatBytes(file.bytes)}</small></a>
      ))}
    </div>
  )
}

export function JobCounts({ job }: { job: JobView }) {
  const t = useText()
  const result = job.result
  if (!result) return null
  const parts = [
    result.ok !== undefined && t('job.ok', { n: formatCount(result.ok) }),
    result.failed ? t('job.failedRows', { n: formatCount(result.failed) }) : null,
    result.made ? t('job.made', { n: formatCount(result.made) }) : null,
    result.skipped ? t('job.skipped', { n: formatCount(result.skipped) }) : null,
  ].filter(Boolean)
  return <>{parts.length ? <p className="job-counts">{parts.join(' · ')}</p> : null}{result.message ? <p>{result.message}</p> : null}</>
}

/** One job with progress, rate, time left, counts, reasons and files. */
export function JobCard({ job, onCancel }: { job: JobView; onCancel?: () => void }) {
  const t = useText()
  const lang = useLang()
  const status = job.state === 'failed' ? 'exception' : job.state === 'done' ? 'success' : job.state === 'cancelled' ? 'normal' : 'active'
  return (
    <section className="job-card" aria-live="polite">
      <header><b>{job.title}</b><JobStateTag state={job.state} /></header>
      <Progress percent={percentOf(job)} status={status} aria-label={job.title} />
      {isOver(job) ? null : (
        <p className="muted">
          {[job.total > 0 && t('job.progress', { done: formatCount(job.done), total: formatCount(job.total) }), job.ratePerSecond && t('job.rate', { n: formatCount(Math.round(job.ratePerSecond)) }), job.secondsLeft !== undefined && t('job.left', { text: formatSpan(job.secondsLeft * 1000, lang) })].filter(Boolean).join(' · ')}
        </p>
      )}
      {job.problem ? <Alert type="error" showIcon title={job.problem.message} {...(job.problem.fix && { description: job.problem.fix })} /> : null}
      <JobCounts job={job} />
      {job.result?.refused?.length ? <ul className="reasons">{job.result.refused.map((entry) => <li key={entry.reason}>{entry.reason} <b>× {formatCount(entry.count)}</b></li>)}</ul> : null}
      <Warnings warned={job.result?.warned} />
      <JobFiles job={job} />
      {onCancel && !isOver(job) ? <Button size="small" onClick={onCancel}>{t('job.cancel')}</Button> : null}
    </section>
  )
}
