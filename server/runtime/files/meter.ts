import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import { AppError } from '#server/platform/errors.ts'

export interface Meter { stream: Transform; bytes(): number; /** hex, once the stream has ended */ sha256(): string }

const readable = (bytes: number): string => (bytes >= 1024 * 1024 ? `${Math.round(bytes / 1024 / 102.4) / 10} MB` : `${Math.ceil(bytes / 1024)} KB`)

/** Passes bytes through, counts and hashes them, and stops at the limit. */
export const createMeter = (maxBytes: number, what: string): Meter => {
  const hash = createHash('sha256')
  let bytes = 0
  let digest: string | undefined
  return {
    stream: new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length
        if (bytes > maxBytes) { done(new AppError('TOO_LARGE', { what, limit: readable(maxBytes) })); return }
        hash.update(chunk)
        done(null, chunk)
      },
    }),
    bytes: () => bytes,
    sha256: () => (digest ??= hash.digest('hex')),
  }
}

/** Ends with FILE_DAMAGED instead of its end when the bytes are not those that were stored. */
export const checkHash = (expected: string, id: string): Transform => {
  const hash = createHash('sha256')
  return new Transform({
    transform(chunk: Buffer, _encoding, done) { hash.update(chunk); done(null, chunk) },
    flush(done) { done(hash.digest('hex') === expected ? null : new AppError('FILE_DAMAGED', { id, reason: 'its hash differs' })) },
  })
}
