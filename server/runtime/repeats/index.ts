export { once, type Asked, type Once } from './once.ts'
export { purgeAnswersJob } from './purge-job.ts'
