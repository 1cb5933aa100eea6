import { isAppError } from '#server/platform/errors.ts'
import { redactText } from '#server/platform/log.ts'
import type { JobError, JobType } from './types.ts'

const HOUR = 3_600_000

/** What is kept of an error: both texts, without personal numbers. */
export const toJobError = (e: unknown, attempt: number, at: number): JobError => {
  const clean = (text: string | undefined): string | undefined => (text === undefined ? undefined : redactText(text))
  if (isAppError(e)) return { code: e.code, message: redactText(e.message), person: redactText(e.person), where: clean(e.where), found: clean(e.found), fix: clean(e.fix), attempt, at }
  return { code: 'INTERNAL', message: redactText(e instanceof Error ? e.message : String(e)), person: '任务执行出错，请重试；如仍出现，请联系管理员', attempt, at }
}

/** A refusal (4xx) does not become right by repeating it; anything else may. */
export const mayRetry = (type: JobType, e: unknown): boolean =>
  type.retry?.when ? type.retry.when(e) : !(isAppError(e) && e.status < 500 && e.code !== 'JOB_LEASE_LOST')

/** Delay before the attempt after `attempt`: doubled each time, at most an hour. */
export const backoff = (type: JobType, attempt: number): number => Math.min(HOUR, (type.retry?.delayMs ?? 2_000) * 2 ** (attempt - 1))
