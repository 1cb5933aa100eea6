import { join, resolve } from 'node:path'
import { z } from 'zod'
import { AppError } from './errors.ts'

const flag = (fallback: boolean) => z.enum(['true', 'false', '1', '0', '']).default(fallback ? 'true' : 'false').transform((v) => v === 'true' || v === '1')
const count = (fallback: number, min: number, max: number) => z.coerce.number().int().min(min).max(max).default(fallback)
const zone = z.string().refine((v) => { try { new Intl.DateTimeFormat('en', { timeZone: v }); return true } catch { return false } }, 'is not a time zone; write one such as Asia/Shanghai')

const Environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  CERTFLOW_VAR: z.string().min(1).default('var'),
  CERTFLOW_DEFINITIONS: z.string().min(1).default('.'),
  DATABASE_URL: z.string().regex(/^(sqlite:(?!:memory:).+|(mysql|mariadb):\/\/.+)$/, 'must be sqlite:<file>, mysql://… or mariadb://…').optional(),
  DATABASE_POOL: count(10, 1, 500),
  SQLITE_SYNC: z.enum(['NORMAL', 'FULL']).default('NORMAL'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: count(3000, 0, 65_535),
  CERTFLOW_URL: z.url('must be the address people open, such as https://exams.example.org').optional(),
  CERTFLOW_TRUST_PROXY: flag(false),
  CERTFLOW_KEYS: z.string().min(1).optional(),
  CERTFLOW_CLOCK: z.string().regex(/^(system|shared|\d{4}-\d\d-\d\dT.*)$/, 'must be system, shared or an instant such as 2026-03-02T09:00+08:00').default('system'),
  TZ: zone.default('Asia/Shanghai'),
  CERTFLOW_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  CERTFLOW_WORKER: z.enum(['thread', 'off']).default('thread'),
  CERTFLOW_LIST_TIMEOUT_MS: count(2_000, 100, 60_000),
  CERTFLOW_UPLOAD_BYTES: count(200 * 1024 * 1024, 1024, 10 * 1024 ** 3),
  CHROMIUM_PATH: z.string().min(1).optional(),
  QUEUE_URL: z.string().regex(/^rediss?:\/\/.+$/, 'must be redis://host:6379/0 or rediss://…').optional(),
  REDIS_URL: z.string().optional(),
  S3_ENDPOINT: z.url().optional(),
  S3_BUCKET: z.string().min(1).optional(),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_ACCESS_KEY: z.string().min(1).optional(),
  S3_SECRET_KEY: z.string().min(1).optional(),
  SMTP_URL: z.string().regex(/^smtps?:\/\/.+$/, 'must be smtp://… or smtps://…').optional(),
  SMTP_FROM: z.email('must be one mail address such as noreply@exams.example.org').optional(),
})
type Environment = z.infer<typeof Environment>

export interface Config {
  production: boolean
  varDir: string
  /** folder with forms/, workflows/, templates/, seeds/ */
  definitionsDir: string
  database: { url: string; poolSize: number; synchronous: 'NORMAL' | 'FULL' }
  http: { host: string; port: number; url?: string; trustProxy: boolean; uploadBytes: number }
  /** inline JSON or path of a JSON file, see crypto/secrets.ts */
  keys: string
  clock: { kind: 'system' } | { kind: 'shared'; file: string } | { kind: 'fixed'; at: number }
  zone: string
  log: Environment['CERTFLOW_LOG']
  worker: Environment['CERTFLOW_WORKER']
  listTimeoutMs: number
  chromium?: string
  /** Redis that calls workers; without it they look into the table of jobs */
  queue?: string
  smtp?: { url: string; from: string }
  /** settings that are given but change nothing, each with why; told at every start */
  withoutEffect: { setting: string; why: string }[]
  s3?: { endpoint: string; bucket: string; region: string; accessKey: string; secretKey: string }
}

/** Parses the environment; the only reader of it. Throws CONFIG_INVALID with every problem at once. */
export const loadConfig = (env: Record<string, string | undefined> = process.env, cwd: string = process.cwd()): Config => {
  const filled = Object.fromEntries(Object.entries(env).filter(([, v]) => v !== ''))
  const parsed = Environment.safeParse(filled)
  const problems = parsed.success ? together(parsed.data) : parsed.error.issues.map((i) => describe(i, filled))
  if (!parsed.success || problems.length) throw new AppError('CONFIG_INVALID', { problems: problems.join('\n') })
  return build(parsed.data, cwd)
}

const SECRET = /KEY|SECRET|URL/
const describe = (issue: z.core.$ZodIssue, env: Record<string, string | undefined>): string => {
  const name = String(issue.path[0])
  const found = env[name] === undefined ? 'nothing' : SECRET.test(name) ? 'a value that is not shown' : `"${env[name]}"`
  return `${name}: ${issue.message} (found ${found})`
}

/** Problems that only show when settings are read together. */
const together = (e: Environment): string[] => {
  const problems: string[] = []
  const s3 = { S3_ENDPOINT: e.S3_ENDPOINT, S3_BUCKET: e.S3_BUCKET, S3_ACCESS_KEY: e.S3_ACCESS_KEY, S3_SECRET_KEY: e.S3_SECRET_KEY }
  const missing = Object.entries(s3).filter(([, v]) => v === undefined).map(([k]) => k)
  if (missing.length > 0 && missing.length < 4) problems.push(`${missing.join(', ')}: must be set together with the other S3_ settings (found nothing)`)
  if (/^\d/.test(e.CERTFLOW_CLOCK) && Number.isNaN(Date.parse(e.CERTFLOW_CLOCK))) problems.push(`CERTFLOW_CLOCK: is not an instant (found "${e.CERTFLOW_CLOCK}")`)
  if (e.SMTP_URL && !senderOf(e)) problems.push('SMTP_FROM: must be given with SMTP_URL: the address that mail is sent from (found nothing)')
  return problems
}

/** The sender of mail: as given, else the name that signs in when that is an address. */
function senderOf(e: Environment): string | undefined {
  const user = e.SMTP_URL && URL.canParse(e.SMTP_URL) ? decodeURIComponent(new URL(e.SMTP_URL).username) : ''
  return e.SMTP_FROM ?? (z.email().safeParse(user).success ? user : undefined)
}

const withoutEffect = (e: Environment): Config['withoutEffect'] => [
  ...(e.REDIS_URL ? [{ setting: 'REDIS_URL', why: 'the server that calls workers is named by QUEUE_URL' }] : []),
  ...(e.S3_ENDPOINT ? [{ setting: 'S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY, S3_SECRET_KEY', why: 'files are stored below CERTFLOW_VAR; processes on several hosts must share that folder' }] : []),
  ...(e.SMTP_FROM && !e.SMTP_URL ? [{ setting: 'SMTP_FROM', why: 'no mail is sent without SMTP_URL' }] : []),
]

const build = (e: Environment, cwd: string): Config => {
  const varDir = resolve(cwd, e.CERTFLOW_VAR)
  const url = e.DATABASE_URL ?? `sqlite:${join(varDir, 'certflow.sqlite')}`
  return {
    production: e.NODE_ENV === 'production',
    varDir,
    definitionsDir: resolve(cwd, e.CERTFLOW_DEFINITIONS),
    database: { url: url.startsWith('sqlite:') ? `sqlite:${resolve(cwd, url.slice(7))}` : url, poolSize: e.DATABASE_POOL, synchronous: e.SQLITE_SYNC },
    http: { host: e.HOST, port: e.PORT, url: e.CERTFLOW_URL, trustProxy: e.CERTFLOW_TRUST_PROXY, uploadBytes: e.CERTFLOW_UPLOAD_BYTES },
    keys: e.CERTFLOW_KEYS ?? join(varDir, 'secrets.json'),
    clock: e.CERTFLOW_CLOCK === 'system' ? { kind: 'system' } : e.CERTFLOW_CLOCK === 'shared' ? { kind: 'shared', file: join(varDir, 'clock.json') } : { kind: 'fixed', at: Date.parse(e.CERTFLOW_CLOCK) },
    zone: e.TZ, log: e.CERTFLOW_LOG, worker: e.CERTFLOW_WORKER, listTimeoutMs: e.CERTFLOW_LIST_TIMEOUT_MS,
    chromium: e.CHROMIUM_PATH, queue: e.QUEUE_URL, withoutEffect: withoutEffect(e),
    ...(e.SMTP_URL ? { smtp: { url: e.SMTP_URL, from: senderOf(e)! } } : {}),
    s3: e.S3_ENDPOINT && e.S3_BUCKET && e.S3_ACCESS_KEY && e.S3_SECRET_KEY
      ? { endpoint: e.S3_ENDPOINT, bucket: e.S3_BUCKET, region: e.S3_REGION, accessKey: e.S3_ACCESS_KEY, secretKey: e.S3_SECRET_KEY } : undefined,
  }
}
