import type { JobView } from '#app/gateway/contracts.server.ts'

export const isOver = (job: Pick<JobView, 'state'>): boolean => job.state === 'done' || job.state === 'failed' || job.state === 'cancelled'

/** 0 to 100; a running job whose total is unknown shows 0. */
export const percentOf = (job: Pick<JobView, 'state' | 'done' | 'total'>): number =>
  job.state === 'done' ? 100 : job.total > 0 ? Math.min(99, Math.floor((job.done / job.total) * 100)) : 0
