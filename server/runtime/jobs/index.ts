export { createJobs, type DrainResult, type JobFilter, type Jobs, type JobsDeps } from './jobs.ts'
export { createPace, type Pace } from './pace.ts'
export { defineJob, type Checkpoint, type EnqueueOptions, type JobContext, type JobError, type JobState, type JobType, type JobView, type Progress } from './types.ts'
export type { JobWorker, WorkerOptions } from './worker.ts'
