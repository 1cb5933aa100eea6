import type { Engine } from '#server/runtime/records/index.ts'

export interface Allowance { what: string; windowMs: number; perKey: number; perAddress: number }
/** Counts failures (or all tries) per first key and per address in a sliding window. Answers the seconds to wait, 0 = go on. */
export async function waitSeconds(engine: Engine, rule: Allowance, key: string, address: string): Promise<number> {
  const now = engine.clock.now()
  const since = now - rule.windowMs
  const byKey = await engine.db.one<{ n: number; first: number | null }>('SELECT COUNT(*) AS n, MIN(at) AS first FROM login_attempts WHERE what = ? AND account = ? AND at > ? AND ok = 0', [rule.what, key, since])
  const byAddress = await engine.db.one<{ n: number; first: number | null }>('SELECT COUNT(*) AS n, MIN(at) AS first FROM login_attempts WHERE what = ? AND ip = ? AND at > ? AND ok = 0', [rule.what, address, since])
  const over = Number(byKey?.n ?? 0) >= rule.perKey ? byKey : Number(byAddress?.n ?? 0) >= rule.perAddress ? byAddress : null
  return over?.first == null ? 0 : Math.max(1, Math.ceil((Number(over.first) + rule.windowMs - now) / 1000))
}
export async function noteAttempt(engine: Engine, what: string, key: string, address: string, ok: boolean): Promise<void> {
  await engine.db.insertMany('login_attempts', ['id', 'what', 'account', 'ip', 'at', 'ok'], [[Number(engine.ids.next()), what, key.slice(0, 190), address.slice(0, 64), engine.clock.now(), ok]])
}
