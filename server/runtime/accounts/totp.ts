import { createHmac, timingSafeEqual } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const STEP_MS = 30_000
const DIGITS = 6

/** RFC 4648 without padding, as authenticator programs take it. */
export function toBase32(bytes: Uint8Array): string {
  let bits = 0, value = 0, out = ''
  for (const byte of bytes) {
    value = (value << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) out += ALPHABET[(value >>> (bits - 5)) & 31]!
    value &= (1 << bits) - 1
  }
  return bits > 0 ? out + ALPHABET[(value << (5 - bits)) & 31]! : out
}
export function fromBase32(text: string): Buffer {
  const out: number[] = []
  let bits = 0, value = 0
  for (const c of text) {
    value = (value << 5) | ALPHABET.indexOf(c)
    bits += 5
    if (bits >= 8) { out.push((value >>> (bits - 8)) & 255); bits -= 8; value &= (1 << bits) - 1 }
  }
  return Buffer.from(out)
}

export const stepOf = (at: number): number => Math.floor(at / STEP_MS)

/** The code of one step of thirty seconds (RFC 6238 with SHA-1 and six digits, which every authenticator knows). */
export function totp(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const at = mac[mac.length - 1]! & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 10 ** DIGITS).padStart(DIGITS, '0')
}

/** The step whose code it is, one step early or late at most and later than the last one used; null = none. */
export function matchingStep(secret: Buffer, code: string, now: number, after: number): number | null {
  if (!/^\d{6}$/.test(code)) return null
  for (const step of [-1, 0, 1].map((d) => stepOf(now) + d)) if (step > after && timingSafeEqual(Buffer.from(totp(secret, step)), Buffer.from(code))) return step
  return null
}

/** What the QR code says to the authenticator. */
export const otpAuthUri = (issuer: string, account: string, secret: string): string =>
  `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${DIGITS}&period=30`
