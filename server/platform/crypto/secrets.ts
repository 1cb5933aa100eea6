import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { AppError } from '../errors.ts'

const key = z.string().refine((v) => Buffer.from(v, 'base64').length === 32, 'must be 32 bytes in base64')
const Secrets = z.object({
  /** id of the key that encrypts now; older ones only decrypt until the rotation job is done */
  current: z.string().regex(/^[a-z0-9]{1,20}$/, 'must be 1 to 20 of a-z 0-9'),
  keys: z.record(z.string().regex(/^[a-z0-9]{1,20}$/), key),
  blindIndex: key,
  audit: key,
}).refine((s) => Object.hasOwn(s.keys, s.current), { path: ['current'], message: 'names no key of "keys"' })
export type Secrets = z.infer<typeof Secrets>

/** New random keys. */
export const generateSecrets = (): Secrets => {
  const fresh = (): string => randomBytes(32).toString('base64')
  return { current: 'k1', keys: { k1: fresh() }, blindIndex: fresh(), audit: fresh() }
}

/** Adds a key and makes it current. */
export const rotateSecrets = (secrets: Secrets): Secrets => {
  const id = `k${1 + Math.max(0, ...Object.keys(secrets.keys).map((k) => Number(/^k(\d+)$/.exec(k)?.[1] ?? 0)))}`
  return { ...secrets, current: id, keys: { ...secrets.keys, [id]: randomBytes(32).toString('base64') } }
}

/** From inline JSON or a file; an absent file is made (mode 0600). Losing it loses the encrypted data: back it up apart. */
export const loadSecrets = (source: string): Secrets => {
  const inline = source.trimStart().startsWith('{')
  const where = inline ? 'CERTFLOW_KEYS' : source
  const text = inline ? source : readOrCreate(source)
  let value: unknown
  try { value = JSON.parse(text) }
  catch { throw new AppError('CONFIG_INVALID', { problems: `${where}: is not JSON` }) }
  const parsed = Secrets.safeParse(value)
  if (!parsed.success) throw new AppError('CONFIG_INVALID', { problems: parsed.error.issues.map((i) => `${where}: ${i.path.join('.')} ${i.message}`).join('\n') })
  return parsed.data
}

const readOrCreate = (file: string): string => {
  try { return readFileSync(file, 'utf8') }
  catch (e) { if ((e as NodeJS.ErrnoException).code !== 'ENOENT') throw e }
  mkdirSync(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, `${JSON.stringify(generateSecrets(), null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  // link fails when another process was first: then its keys count, not ours
  try { linkSync(draft, file) }
  catch (e) { if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e }
  finally { rmSync(draft) }
  return readFileSync(file, 'utf8')
}
