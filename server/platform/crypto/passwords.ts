import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

interface Cost { ln: number; r: number; p: number }
// 32 MB and about 80 ms per sign-in on a small server (OWASP's smaller profile)
const COST: Cost = { ln: 15, r: 8, p: 1 }
const FORM = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/

const derive = (password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> => new Promise((resolve, reject) => {
  const N = 2 ** ln
  scrypt(password.normalize('NFKC'), salt, 32, { N, r, p, maxmem: 256 * N * r }, (e, key) => { if (e) reject(e); else resolve(key) })
})

const parse = (hash: string): { cost: Cost; salt: Buffer; key: Buffer } | undefined => {
  const m = FORM.exec(hash)
  return m ? { cost: { ln: Number(m[1]), r: Number(m[2]), p: Number(m[3]) }, salt: Buffer.from(m[4]!, 'base64url'), key: Buffer.from(m[5]!, 'base64url') } : undefined
}

/** scrypt with its parameters in the text, so that they can be raised later. */
export const hashPassword = async (password: string, cost: Cost = COST): Promise<string> => {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${salt.toString('base64url')}$${key.toString('base64url')}`
}

const NOBODY = Buffer.alloc(16)

/** False for a wrong password. Without a hash (unknown account) it does the same work, so both take the same time. */
export const verifyPassword = async (password: string, hash: string | undefined): Promise<boolean> => {
  const stored = hash === undefined ? undefined : parse(hash)
  const key = await derive(password, stored?.salt ?? NOBODY, stored?.cost ?? COST)
  return stored !== undefined && key.length === stored.key.length && timingSafeEqual(key, stored.key)
}

/** Was it made with other parameters than today's? Then hash again at the next successful sign-in. */
export const needsRehash = (hash: string): boolean => {
  const cost = parse(hash)?.cost
  return !cost || cost.ln !== COST.ln || cost.r !== COST.r || cost.p !== COST.p
}

/** What is stored of a random token (session, signature): sha-256, hex. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
