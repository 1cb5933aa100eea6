import { hashPassword, needsRehash, verifyPassword } from '#server/platform/crypto.ts'
import type { Random } from '#server/platform/random.ts'
import type { Engine } from '#server/runtime/records/index.ts'

export interface Credential { id: string; user: string; account: string; hash: string; mustChange: boolean; failed: number; lockedUntil: number | null; disabled: boolean; /** sealed */ secondFactor: string | null }
interface Row { id: number; user_id: number; account: string; hash: string; must_change: number; failed: number; locked_until: number | null; disabled: number; second_factor: string | null }
/** One sign-in page serves all portals; an account name is unique over all of them. */
const PORTAL = 'all'
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789'

const of = (r: Row): Credential => ({ id: String(r.id), user: String(r.user_id), account: r.account, hash: r.hash, mustChange: Number(r.must_change) === 1, failed: Number(r.failed), lockedUntil: r.locked_until === null ? null : Number(r.locked_until), disabled: Number(r.disabled) === 1, secondFactor: r.second_factor })

export async function findCredential(engine: Engine, by: { account: string } | { user: string }): Promise<Credential | null> {
  const row = 'account' in by
    ? await engine.db.one<Row>('SELECT * FROM credentials WHERE portal = ? AND account = ?', [PORTAL, by.account])
    : await engine.db.one<Row>('SELECT * FROM credentials WHERE user_id = ?', [Number(by.user)])
  return row ? of(row) : null
}

/** Sets a password; the account is made when the user has none. */
export async function setPassword(engine: Engine, user: string, account: string, password: string, mustChange: boolean): Promise<void> {
  const hash = await hashPassword(password)
  const now = engine.clock.now()
  const known = await findCredential(engine, { user })
  if (known) await engine.db.run('UPDATE credentials SET hash = ?, must_change = ?, failed = 0, locked_until = NULL, changed_at = ?, account = ? WHERE id = ?', [hash, mustChange, now, account, Number(known.id)])
  else await engine.db.insertMany('credentials', ['id', 'user_id', 'portal', 'account', 'hash', 'must_change', 'changed_at', 'created_at'], [[Number(engine.ids.next()), Number(user), PORTAL, account, hash, mustChange, now, now]])
}

/** A password that can be read out: no look-alike characters. */
export const newPassword = (random: Random, length = 12): string => Array.from({ length }, () => ALPHABET[random.int(0, ALPHABET.length)]!).join('')

export async function passwordMatches(engine: Engine, credential: Credential, password: string): Promise<boolean> {
  const ok = await verifyPassword(password, credential.hash)
  if (ok && needsRehash(credential.hash)) await engine.db.run('UPDATE credentials SET hash = ? WHERE id = ?', [await hashPassword(password), Number(credential.id)])
  return ok
}
export async function noteFailure(engine: Engine, credential: Credential, lockedUntil: number | null): Promise<void> {
  await engine.db.run('UPDATE credentials SET failed = failed + 1, locked_until = ? WHERE id = ?', [lockedUntil, Number(credential.id)])
}
export async function noteSuccess(engine: Engine, credential: Credential): Promise<void> {
  await engine.db.run('UPDATE credentials SET failed = 0, locked_until = NULL WHERE id = ?', [Number(credential.id)])
}
