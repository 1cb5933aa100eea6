export { once, type Asked, type Once, type Reply } from './once.ts'
export { purgeAnswersJob } from './purge-job.ts'
