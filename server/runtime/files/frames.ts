import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Transform, type TransformCallback } from 'node:stream'
import { AppError } from '#server/platform/errors.ts'

/**
 * A file as frames of AES-256-GCM: bytes are only handed out after their frame proved whole, and a cut-off end is noticed.
 * Layout: 8 bytes of nonce, then per frame: 4 bytes length (top bit = last frame), 16 bytes tag, ciphertext.
 */
const FRAME = 64 * 1024
const NONCE = 8
const HEAD = 4 + 16
const LAST = 0x8000_0000

const ivOf = (nonce: Buffer, index: number): Buffer => {
  const iv = Buffer.alloc(12)
  nonce.copy(iv)
  iv.writeUInt32BE(index, NONCE)
  return iv
}
const aadOf = (id: string, last: boolean): Buffer => Buffer.from(`${id}\u0000${last ? 1 : 0}`)

/** id binds the ciphertext to its file. */
export const encryptFrames = (key: Buffer, id: string): Transform => {
  const nonce = randomBytes(NONCE)
  let pending: Buffer = Buffer.alloc(0)
  let index = 0
  const frame = (plain: Buffer, last: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', key, ivOf(nonce, index++))
    cipher.setAAD(aadOf(id, last))
    const body = Buffer.concat([cipher.update(plain), cipher.final()])
    const head = Buffer.alloc(4)
    head.writeUInt32BE((body.length + (last ? LAST : 0)) >>> 0)
    return Buffer.concat([head, cipher.getAuthTag(), body])
  }
  const out = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      pending = pending.length ? Buffer.concat([pending, chunk]) : chunk
      while (pending.length > FRAME) { this.push(frame(pending.subarray(0, FRAME), false)); pending = pending.subarray(FRAME) }
      done()
    },
    flush(done) { this.push(frame(pending, true)); done() },
  })
  out.push(nonce)
  return out
}

export const decryptFrames = (key: Buffer, id: string): Transform => {
  let pending: Buffer = Buffer.alloc(0)
  let nonce: Buffer | undefined
  let index = 0
  let ended = false
  const damaged = (reason: string): AppError => new AppError('FILE_DAMAGED', { id, reason })
  const open = (tag: Buffer, body: Buffer, last: boolean): Buffer => {
    const decipher = createDecipheriv('aes-256-gcm', key, ivOf(nonce!, index++))
    decipher.setAAD(aadOf(id, last))
    decipher.setAuthTag(tag)
    try { return Buffer.concat([decipher.update(body), decipher.final()]) }
    catch { throw damaged(`frame ${index} was altered`) }
  }
  const frames = (push: (plain: Buffer) => void): void => {
    if (!nonce) {
      if (pending.length < NONCE) return
      nonce = Buffer.from(pending.subarray(0, NONCE))
      pending = pending.subarray(NONCE)
    }
    while (pending.length >= HEAD) {
      if (ended) throw damaged('bytes follow the last frame')
      const word = pending.readUInt32BE(0)
      const last = word >= LAST
      const length = last ? word - LAST : word
      if (length > FRAME) throw damaged('a frame is longer than any that is written')
      if (pending.length < HEAD + length) return
      push(open(pending.subarray(4, HEAD), pending.subarray(HEAD, HEAD + length), last))
      pending = pending.subarray(HEAD + length)
      ended = last
    }
  }
  const attempt = (fn: () => void, done: TransformCallback): void => { try { fn(); done() } catch (e) { done(e as Error) } }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      pending = pending.length ? Buffer.concat([pending, chunk]) : chunk
      attempt(() => frames((plain) => { this.push(plain) }), done)
    },
    flush(done) { attempt(() => { if (!ended || pending.length) throw damaged('its end is missing') }, done) },
  })
}
