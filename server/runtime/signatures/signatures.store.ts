import { createHash } from 'node:crypto'
import { hashToken } from '#server/platform/crypto.ts'
import type { Db } from '#server/data/index.ts'

/** What a signature is of: nothing of it can change afterwards. */
export interface Frozen { programme: string; role: string; button: string; title: string; members: [id: string, rev: number][] }
export interface Signature { id: string; user: string; entity: string; button: string; frozen: Frozen; hash: string; expiresAt: number; file: string | null; drawnAt: number | null; usedAt: number | null }
interface Row { id: number; user_id: number; entity: string; purpose: string; frozen: string; frozen_hash: string; expires_at: number; file_id: number | null; drawn_at: number | null; used_at: number | null }

const time = (v: number | null): number | null => (v === null ? null : Number(v))
const of = (r: Row): Signature => ({
  id: String(r.id), user: String(r.user_id), entity: r.entity, button: r.purpose, frozen: JSON.parse(r.frozen) as Frozen, hash: r.frozen_hash,
  expiresAt: Number(r.expires_at), file: r.file_id === null ? null : String(r.file_id), drawnAt: time(r.drawn_at), usedAt: time(r.used_at),
})
export const frozenHash = (frozen: string): string => createHash('sha256').update(frozen).digest('hex')

export async function insertSignature(db: Db, s: { id: string; user: string; entity: string; frozen: Frozen; code: string; now: number; expiresAt: number }): Promise<string> {
  const frozen = JSON.stringify(s.frozen)
  await db.insertMany('signatures', ['id', 'user_id', 'entity', 'purpose', 'frozen', 'frozen_hash', 'token_hash', 'created_at', 'expires_at'],
    [[Number(s.id), Number(s.user), s.entity, s.frozen.button, frozen, frozenHash(frozen), hashToken(s.code), s.now, s.expiresAt]])
  return frozenHash(frozen)
}
export async function findSignature(db: Db, code: string): Promise<Signature | null> {
  const row = await db.one<Row>('SELECT * FROM signatures WHERE token_hash = ?', [hashToken(code.slice(0, 200))])
  return row ? of(row) : null
}
/** False when somebody was faster or the time was up. */
export const markDrawn = async (db: Db, id: string, file: string, now: number): Promise<boolean> =>
  (await db.run('UPDATE signatures SET drawn_at = ?, file_id = ? WHERE id = ? AND drawn_at IS NULL AND used_at IS NULL AND expires_at > ?', [now, Number(file), Number(id), now])).changes === 1
export const markUsed = async (db: Db, id: string, now: number): Promise<boolean> =>
  (await db.run('UPDATE signatures SET used_at = ? WHERE id = ? AND drawn_at IS NOT NULL AND used_at IS NULL AND expires_at > ?', [now, Number(id), now])).changes === 1
