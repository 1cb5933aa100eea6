import { diskError, isAppError, isOutage } from '#server/platform/errors.ts'
import { redactText } from '#server/platform/log.ts'
import type { JobError, JobType } from './types.ts'

const HOUR = 3_600_000
/** repetitions because of an outage, which are not the job's fault: about a quarter of an hour with the delays of most jobs */
const OUTAGES = 8

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** What is kept of an error: both texts, without personal numbers. */
export const toJobError = (e: unknown, attempt: number, at: number): JobError => {
  const clean = (text: string | undefined): string | undefined => (text === undefined ? undefined : redactText(text))
  const known = isAppError(e) ? e : diskError(e)
  if (known) return { code: known.code, message: redactText(known.message), person: redactText(known.person), where: clean(known.where), found: clean(known.found), fix: clean(known.fix), attempt, at }
  // other parts have error classes of their own, with a text for the person
  const { code, userMessage } = (e ?? {}) as { code?: unknown; userMessage?: unknown }
  const person = textOf(userMessage)
  return { code: (person && textOf(code)) ?? 'INTERNAL', message: redactText(e instanceof Error ? e.message : String(e)), person: redactText(person ?? '任务执行出错，请重试；如仍出现，请联系管理员'), attempt, at }
}

/** A refusal (4xx) does not become right by repeating it; anything else may. */
export const mayRetry = (type: JobType, e: unknown): boolean =>
  type.retry?.when ? type.retry.when(e) : !(isAppError(e) && e.status < 500 && e.code !== 'JOB_LEASE_LOST')

/** How often an outage has now sent the job back, this time included; null when it was none, or has lasted too long. */
export const outageOf = (e: unknown, before: JobError | null): number | null => {
  const times = (before?.outages ?? 0) + 1
  return isOutage(e) && times <= OUTAGES ? times : null
}

/** Delay before the attempt after `attempt`: doubled each time, at most an hour. */
export const backoff = (type: JobType, attempt: number): number => Math.min(HOUR, (type.retry?.delayMs ?? 2_000) * 2 ** (attempt - 1))
