import { catalogue, type ErrorCode, type ErrorEntry, type LogLevel } from './error-catalogue.ts'

export type { ErrorCode, ErrorEntry, LogLevel } from './error-catalogue.ts'
export { catalogue } from './error-catalogue.ts'

export type ErrorParams = Record<string, string | number | boolean | null | undefined>

/** Replaces {name} by params.name; a placeholder without a value stays readable as its name. */
export const fill = (text: string, params: ErrorParams): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => (Object.hasOwn(params, name) ? String(params[name] ?? '') : name))

/** An expected "no": what, where, what was found, what to do. message is for the person. */
export interface Refusal { code: string; message: string; where?: string; found?: string; fix?: string; params?: ErrorParams }

export interface ErrorDetail { cause?: unknown; where?: string; found?: string; fix?: string; refusals?: Refusal[] }

/** A thrown error with a catalogue code. `message` is for the log, `person` for the screen. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly params: ErrorParams
  readonly where?: string
  readonly found?: string
  readonly fix?: string
  readonly refusals: Refusal[]

  constructor(code: ErrorCode, params: ErrorParams = {}, detail: ErrorDetail = {}) {
    super(fill(catalogue[code].en, params), detail.cause === undefined ? undefined : { cause: detail.cause })
    this.code = code
    this.params = params
    this.where = detail.where
    this.found = detail.found
    this.fix = detail.fix
    this.refusals = detail.refusals ?? []
  }
  private get entry(): ErrorEntry { return catalogue[this.code] }
  get status(): number { return this.entry.status }
  get level(): LogLevel { return this.entry.level }
  get person(): string { return fill(this.entry.zh, this.params) }
  toRefusal(): Refusal {
    return { code: this.code, message: this.person, where: this.where, found: this.found, fix: this.fix, params: this.params }
  }
}

export const isAppError = (e: unknown, code?: ErrorCode): e is AppError => e instanceof AppError && (code === undefined || e.code === code)

/** A refusal from the catalogue, with the person's text filled in. */
export const refusal = (code: ErrorCode, params: ErrorParams = {}, at: Pick<Refusal, 'where' | 'found' | 'fix'> = {}): Refusal =>
  ({ code, message: fill(catalogue[code].zh, params), params, ...at })

const DISK: Record<string, ErrorCode> = { ENOSPC: 'STORAGE_FULL', EDQUOT: 'STORAGE_FULL', EROFS: 'STORAGE_READ_ONLY' }
/** A full or read-only disk, when that is what a file operation (or what caused the error) met; else undefined. */
export const diskError = (e: unknown): AppError | undefined => {
  if (!(e instanceof Error) || e instanceof AppError) return undefined
  const code = DISK[(e as NodeJS.ErrnoException).code ?? '']
  return code ? new AppError(code, { reason: e.message }, { cause: e }) : diskError(e.cause)
}
/** Something outside is away and comes back: what failed of it may be done again as it is. */
export const isOutage = (e: unknown): boolean =>
  (isAppError(e) && OUTAGES.has(e.code)) || diskError(e) !== undefined
const OUTAGES = new Set<ErrorCode>(['DB_UNAVAILABLE', 'DB_BUSY', 'DB_FULL', 'DB_READ_ONLY', 'STORAGE_FULL', 'STORAGE_READ_ONLY'])

/** Turns anything thrown into an AppError; unknown errors keep their cause and get a reference to quote. */
export const toAppError = (e: unknown, reference = ''): AppError =>
  e instanceof AppError ? e : diskError(e) ?? new AppError('INTERNAL', { reference, reason: e instanceof Error ? e.message : String(e) }, { cause: e })
