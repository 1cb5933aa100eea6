import { hashToken } from '#server/platform/crypto.ts'
import type { Random } from '#server/platform/random.ts'
import type { Engine } from '#server/runtime/records/index.ts'

export interface StoredApiToken { id: string; user: string; programme: string; role: string; scope: 'read' | 'write'; title: string; createdAt: number; expiresAt: number; usedAt: number | null; revokedAt: number | null }
interface Row { id: number | string; user_id: number | string; programme: string; role: string; scope: string; title: string; created_at: number; expires_at: number; used_at: number | null; revoked_at: number | null }
const COLUMNS = 'id, user_id, programme, role, scope, title, created_at, expires_at, used_at, revoked_at'
const time = (v: number | null): number | null => (v === null ? null : Number(v))
const of = (r: Row): StoredApiToken => ({
  id: String(r.id), user: String(r.user_id), programme: r.programme, role: r.role, scope: r.scope === 'write' ? 'write' : 'read', title: r.title,
  createdAt: Number(r.created_at), expiresAt: Number(r.expires_at), usedAt: time(r.used_at), revokedAt: time(r.revoked_at),
})

/** So that a token in a log or a repository is known for what it is. */
export const API_TOKEN_PREFIX = 'cft_'

/** Stores the hash; the token itself is answered once. */
export async function insertApiToken(engine: Engine, random: Random, input: { user: string; programme: string; role: string; scope: 'read' | 'write'; title: string; expiresAt: number }): Promise<{ id: string; token: string }> {
  const token = `${API_TOKEN_PREFIX}${random.token(32)}`
  const id = engine.ids.next()
  await engine.db.insertMany('api_tokens', ['id', 'token_hash', 'user_id', 'programme', 'role', 'scope', 'title', 'created_at', 'expires_at'],
    [[Number(id), hashToken(token), Number(input.user), input.programme, input.role, input.scope, input.title, engine.clock.now(), input.expiresAt]])
  return { id, token }
}
/** A token that is neither revoked nor expired. Its last use is noted to the minute. */
export async function useApiToken(engine: Engine, token: string): Promise<StoredApiToken | null> {
  if (!token.startsWith(API_TOKEN_PREFIX) || token.length > 200) return null
  const row = await engine.db.one<Row>(`SELECT ${COLUMNS} FROM api_tokens WHERE token_hash = ?`, [hashToken(token)])
  const now = engine.clock.now()
  const found = row ? of(row) : null
  if (!found || found.revokedAt !== null || found.expiresAt <= now) return null
  if (found.usedAt === null || now - found.usedAt > 60_000) await engine.db.run('UPDATE api_tokens SET used_at = ? WHERE id = ?', [now, Number(found.id)])
  return found
}
export async function listApiTokens(engine: Engine, user: string): Promise<StoredApiToken[]> {
  return (await engine.db.all<Row>(`SELECT ${COLUMNS} FROM api_tokens WHERE user_id = ? ORDER BY created_at DESC, id DESC LIMIT 200`, [Number(user)])).map(of)
}
export async function countLiveApiTokens(engine: Engine, user: string): Promise<number> {
  const row = await engine.db.one<{ n: number }>('SELECT COUNT(*) AS n FROM api_tokens WHERE user_id = ? AND revoked_at IS NULL AND expires_at > ?', [Number(user), engine.clock.now()])
  return Number(row?.n ?? 0)
}
/** Only of this user; false = there is none to revoke. */
export async function revokeApiToken(engine: Engine, user: string, id: string): Promise<boolean> {
  return (await engine.db.run('UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND user_id = ? AND revoked_at IS NULL', [engine.clock.now(), Number(id), Number(user)])).changes > 0
}
