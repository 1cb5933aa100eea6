import type { Refusal } from './errors.ts'

/** An expected outcome: a value, or the refusals the caller must show. Surprises are thrown as AppError instead. */
export type Result<T, R = Refusal> = { ok: true; value: T } | { ok: false; refusals: R[] }

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })
export const refused = <R = Refusal>(...refusals: R[]): { ok: false; refusals: R[] } => ({ ok: false, refusals })
