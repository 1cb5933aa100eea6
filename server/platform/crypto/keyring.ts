import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomFillSync } from 'node:crypto'
import { AppError } from '../errors.ts'
import { normalise } from './normalise.ts'
import type { Secrets } from './secrets.ts'

/** What a ciphertext is bound to: it cannot be moved to another row or column. */
export interface Place { table: string; column: string; row: string | number }

export interface Keyring {
  readonly currentKeyId: string
  /** AES-256-GCM; text form "<key id>.<base64url of iv, tag, ciphertext>" */
  encrypt(plain: string, place: Place): string
  decrypt(token: string, place: Place): string
  /** was it encrypted with an older key? */
  needsRotation(token: string): boolean
  /** keyed hash for equality look-ups, 43 characters; same for all spellings of one value */
  blindIndex(kind: string, value: string): string
  /** raw key for streams (runtime/files) */
  fileKey(id: string): Buffer
  /** keyed hash with the audit key, hex; the key never lies in the database */
  auditHash(data: string): string
}

const IV = 12
const TAG = 16
const POOL = 256
const pool = Buffer.alloc(IV * POOL)
let used = POOL
/** To be used before the next is asked for. */
const nextIv = (): Buffer => {
  if (used === POOL) { randomFillSync(pool); used = 0 }
  return pool.subarray(used * IV, ++used * IV)
}

const aad = (p: Place): Buffer => Buffer.from(`${p.table}\u0000${p.column}\u0000${p.row}`)

export const createKeyring = (secrets: Secrets): Keyring => {
  const keys = new Map(Object.entries(secrets.keys).map(([id, k]) => [id, Buffer.from(k, 'base64')]))
  // an object: bytes would be made one for each value
  const blind = createSecretKey(Buffer.from(secrets.blindIndex, 'base64'))
  const audit = Buffer.from(secrets.audit, 'base64')
  const key = (id: string): Buffer => {
    const found = keys.get(id)
    if (!found) throw new AppError('KEY_UNKNOWN', { id })
    return found
  }
  return {
    currentKeyId: secrets.current,
    encrypt(plain, place) {
      const iv = nextIv()
      const cipher = createCipheriv('aes-256-gcm', key(secrets.current), iv)
      cipher.setAAD(aad(place))
      const body = cipher.update(plain, 'utf8')
      // GCM ends with nothing but the tag
      cipher.final()
      return `${secrets.current}.${Buffer.concat([iv, cipher.getAuthTag(), body], IV + TAG + body.length).toString('base64url')}`
    },
    decrypt(token, place) {
      const dot = token.indexOf('.')
      const failed = (): AppError => new AppError('DECRYPT_FAILED', { where: `${place.table}.${place.column}#${place.row}` })
      const bytes = Buffer.from(token.slice(dot + 1), 'base64url')
      if (dot < 1 || bytes.length < IV + TAG) throw failed()
      const decipher = createDecipheriv('aes-256-gcm', key(token.slice(0, dot)), bytes.subarray(0, IV))
      decipher.setAAD(aad(place))
      decipher.setAuthTag(bytes.subarray(IV, IV + TAG))
      // a decoder for the text would cost more than the text: in this mode final has no bytes of its own
      try { const plain = decipher.update(bytes.subarray(IV + TAG)); decipher.final(); return plain.toString() }
      catch { throw failed() }
    },
    needsRotation: (token) => !token.startsWith(`${secrets.current}.`),
    blindIndex: (kind, value) => createHmac('sha256', blind).update(`${kind}\u0000${normalise(kind, value)}`).digest('base64url'),
    fileKey: key,
    auditHash: (data) => createHmac('sha256', audit).update(data).digest('hex'),
  }
}
