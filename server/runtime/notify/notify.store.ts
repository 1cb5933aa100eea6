import { createHash } from 'node:crypto'
import type { Engine } from '#server/runtime/records/index.ts'

export interface Notice {
  users: string[]
  /** every user of these organisations, optionally with a role */
  orgs: string[]
  addresses: string[]
  channels: string[]
  title: string
  body: string
  entity: string
  record: string
  /** the same notice is written once */
  key: string
}

/** Writes one row per person and channel in the caller's transaction; what leaves the house is sent by a job. */
export async function notify(engine: Engine, now: number, notice: Notice): Promise<number> {
  const users = new Set(notice.users)
  const table = engine.registry.variants().flat().find((d) => d.id === 'core/user')?.table
  if (table && notice.orgs.length) {
    const where = engine.db.idsIn('org', notice.orgs)
    for (const r of await engine.db.all<{ id: number }>(`SELECT id FROM ${table} WHERE ${where.sql}`, where.params)) users.add(String(r.id))
  }
  const rows = notice.channels.flatMap((channel) => [
    ...[...users].map((u) => ({ channel, user: u as string | null, address: null as string | null })),
    ...(channel === 'portal' ? [] : notice.addresses.map((address) => ({ channel, user: null, address }))),
  ])
  const columns = ['id', 'idempotency_key', 'user_id', 'channel', 'address', 'title', 'body', 'entity', 'record_id', 'state', 'created_at']
  return engine.db.insertMany('notifications', columns, rows.map((r) => {
    const id = engine.ids.next()
    const to = r.user ?? (r.address === null ? '' : engine.sealing.blind('address', r.address))
    const sealed = r.address === null ? null : engine.sealing.seal(r.address, addressPlace(id))
    return [Number(id), keyOf(notice.key, r.channel, to), r.user ? Number(r.user) : null, r.channel, sealed, notice.title.slice(0, 255), notice.body, notice.entity, Number(notice.record), r.channel === 'portal' ? 'sent' : 'waiting', now]
  }), { onConflict: 'ignore' })
}

/** Long keys keep their difference: cut, two of them could become one. */
function keyOf(key: string, channel: string, to: string): string {
  const text = `${key}/${channel}/${to}`
  return text.length <= 190 ? text : `${text.slice(0, 120)}#${createHash('sha256').update(text).digest('hex')}`
}
/** Addresses are personal: sealed, bound to their row. */
export const addressPlace = (id: string): { table: string; column: string; row: string } => ({ table: 'notifications', column: 'address', row: id })
