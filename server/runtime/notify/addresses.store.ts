import { decode, type Engine, type RawRow } from '#server/runtime/records/index.ts'
import { addressPlace } from './notify.store.ts'
import type { WaitingNotice } from './outbox.store.ts'

const FIELD: Record<string, string> = { sms: 'phone', email: 'email' }

/** Where each message goes: its own address, else what its user's record holds for the channel. */
export async function addressesOf(engine: Engine, rows: WaitingNotice[]): Promise<Map<string, string>> {
  const out = new Map<string, string>()
  const users = await usersOf(engine, rows.flatMap((r) => (r.address === null && r.user !== null ? [r.user] : [])))
  for (const r of rows) {
    const address = r.address !== null ? engine.sealing.open(r.address, addressPlace(r.id)) : r.user === null ? null : users.get(r.user)?.[FIELD[r.channel] ?? '']
    if (typeof address === 'string' && address !== '') out.set(r.id, address)
  }
  return out
}

async function usersOf(engine: Engine, ids: string[]): Promise<Map<string, Record<string, unknown>>> {
  const def = engine.registry.variants().flat().find((d) => d.id === 'core/user')
  if (!def || ids.length === 0) return new Map()
  const where = engine.db.idsIn('id', [...new Set(ids)])
  const rows = await engine.db.all<RawRow>(`SELECT * FROM ${def.table} WHERE ${where.sql}`, where.params)
  return new Map(rows.map((r) => [String(r['id']), decode(def, r, engine.sealing)]))
}
