import type { StoredAudit } from './audit.store.ts'

const text = (v: number | string | null): string | null => (v === null ? null : String(v))

/** What a seal is computed over: the seal before it and every field of every row, one line each. */
export const sealText = (previous: string, from: number, to: number, rows: readonly StoredAudit[]): string => {
  const lines = rows.map((r) => JSON.stringify([r.seq, r.at, text(r.actor_id), r.actor_role, text(r.actor_org), r.ip, r.action, r.entity, text(r.record_id), r.detail]))
  return [previous, `${from}-${to}`, ...lines].join('\n')
}

export const GENESIS = '0'.repeat(64)
