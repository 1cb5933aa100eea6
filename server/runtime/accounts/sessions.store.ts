import { hashToken } from '#server/platform/crypto.ts'
import type { Random } from '#server/platform/random.ts'
import type { Engine } from '#server/runtime/records/index.ts'

export interface SessionData { programme: string; role: string; lang: 'zh' | 'en' }
export interface Session { user: string; csrf: string; data: SessionData; seenAt: number; /** when the code of the second factor was given */ secondFactorAt: number | null }
const IDLE_MS = 8 * 3_600_000
const LONGEST_MS = 7 * 86_400_000

export async function openSession(engine: Engine, random: Random, user: string, data: SessionData, from: { address: string; userAgent?: string }): Promise<{ token: string; csrf: string }> {
  const token = random.token(32)
  const csrf = random.token(24)
  const now = engine.clock.now()
  await engine.db.insertMany('sessions', ['token_hash', 'user_id', 'csrf', 'data', 'created_at', 'seen_at', 'expires_at', 'ip', 'agent'],
    [[hashToken(token), Number(user), csrf, JSON.stringify(data), now, now, now + LONGEST_MS, from.address.slice(0, 64), (from.userAgent ?? '').slice(0, 255)]])
  return { token, csrf }
}
export async function findSession(engine: Engine, token: string): Promise<Session | null> {
  const now = engine.clock.now()
  const row = await engine.db.one<{ user_id: number; csrf: string; data: string; seen_at: number; expires_at: number; second_factor_at: number | null }>('SELECT user_id, csrf, data, seen_at, expires_at, second_factor_at FROM sessions WHERE token_hash = ?', [hashToken(token)])
  if (!row || Number(row.expires_at) <= now || Number(row.seen_at) + IDLE_MS <= now) return null
  if (now - Number(row.seen_at) > 60_000) await engine.db.run('UPDATE sessions SET seen_at = ? WHERE token_hash = ?', [now, hashToken(token)])
  return { user: String(row.user_id), csrf: row.csrf, data: JSON.parse(row.data) as SessionData, seenAt: Number(row.seen_at), secondFactorAt: row.second_factor_at === null ? null : Number(row.second_factor_at) }
}
export const updateSession = async (engine: Engine, token: string, change: Partial<SessionData>): Promise<void> => {
  const session = await findSession(engine, token)
  if (session) await engine.db.run('UPDATE sessions SET data = ? WHERE token_hash = ?', [JSON.stringify({ ...session.data, ...change }), hashToken(token)])
}
/** The same session under a new token, so that one that leaked before is worth nothing; null when it has ended. */
export async function renewSession(engine: Engine, random: Random, token: string): Promise<{ token: string; csrf: string } | null> {
  const fresh = { token: random.token(32), csrf: random.token(24) }
  const now = engine.clock.now()
  const { changes } = await engine.db.run('UPDATE sessions SET token_hash = ?, csrf = ?, seen_at = ? WHERE token_hash = ?', [hashToken(fresh.token), fresh.csrf, now, hashToken(token)])
  return changes === 1 ? fresh : null
}
export const closeSession = async (engine: Engine, token: string): Promise<void> => { await engine.db.run('DELETE FROM sessions WHERE token_hash = ?', [hashToken(token)]) }
/** After a new password or a disabled account every other session of the user ends. */
export const closeSessionsOf = async (engine: Engine, user: string, except?: string): Promise<void> => {
  await engine.db.run('DELETE FROM sessions WHERE user_id = ? AND token_hash <> ?', [Number(user), except ? hashToken(except) : ''])
}
