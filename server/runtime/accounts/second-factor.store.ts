import type { Engine } from '#server/runtime/records/index.ts'
import { hashToken } from '#server/platform/crypto.ts'
import type { Credential } from './credentials.store.ts'

/** `last` = the step of the last code, which is good once; `codes` = hashes of the recovery codes that are left. */
export interface SecondFactor { secret: string; confirmed: boolean; last: number; codes: string[] }

const placeOf = (c: Credential) => ({ table: 'credentials', column: 'second_factor', row: c.id })
export const readFactor = (engine: Engine, c: Credential): SecondFactor | null => (c.secondFactor === null ? null : (JSON.parse(engine.sealing.open(c.secondFactor, placeOf(c))) as SecondFactor))

/** Stores it if nobody else has since it was read; so one code opens one session. */
export async function writeFactor(engine: Engine, c: Credential, next: SecondFactor | null): Promise<boolean> {
  const sealed = next && engine.sealing.seal(JSON.stringify(next), placeOf(c))
  const before = c.secondFactor === null ? { sql: 'second_factor IS NULL', params: [] } : { sql: 'second_factor = ?', params: [c.secondFactor] }
  return (await engine.db.run(`UPDATE credentials SET second_factor = ? WHERE id = ? AND ${before.sql}`, [sealed, Number(c.id), ...before.params])).changes === 1
}
export const markSecondFactor = async (engine: Engine, token: string): Promise<void> => { await engine.db.run('UPDATE sessions SET second_factor_at = ? WHERE token_hash = ?', [engine.clock.now(), hashToken(token)]) }
