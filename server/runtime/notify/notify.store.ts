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
  return engine.db.insertMany('notifications', ['id', 'idempotency_key', 'user_id', 'channel', 'address', 'title', 'body', 'entity', 'record_id', 'state', 'created_at'],
    rows.map((r) => [Number(engine.ids.next()), `${notice.key}/${r.channel}/${r.user ?? r.address ?? ''}`.slice(0, 190), r.user ? Number(r.user) : null, r.channel,
      r.address, notice.title.slice(0, 255), notice.body, notice.entity, Number(notice.record), r.channel === 'portal' ? 'sent' : 'waiting', now]), { onConflict: 'ignore' })
}
