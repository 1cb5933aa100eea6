import type { Db } from '#server/data/index.ts'
import type { StoredFile } from './types.ts'

export interface FileRow {
  id: number | string; sha256: string; locator: string; kind: string; name: string; mime: string; bytes: number; key_id: string | null
  entity: string | null; record_id: number | string | null; path: string | null; created_by: number | string | null; org: number | string | null
  created_at: number; expires_at: number | null
}
const COLUMNS = 'id, sha256, locator, kind, name, mime, bytes, key_id, entity, record_id, path, created_by, org, created_at, expires_at'
const text = (v: number | string | null): string | null => (v === null ? null : String(v))

export const toFile = (r: FileRow): StoredFile => ({
  id: String(r.id), sha256: r.sha256, bytes: r.bytes, kind: r.kind, name: r.name, mime: r.mime, encrypted: r.key_id !== null, entity: r.entity, record: text(r.record_id),
  path: r.path, createdBy: text(r.created_by), org: text(r.org), createdAt: r.created_at, expiresAt: r.expires_at,
})

export const fileStore = (db: Db) => ({
  insert: (f: StoredFile, locator: string, keyId: string | null) => db.insertMany('files', COLUMNS.split(', '), [[
    f.id, f.sha256, locator, f.kind, f.name, f.mime, f.bytes, keyId, f.entity ?? null, f.record ?? null, f.path ?? null, f.createdBy ?? null, f.org ?? null, f.createdAt, f.expiresAt ?? null,
  ]]),
  byId: (id: string) => db.one<FileRow>(`SELECT ${COLUMNS} FROM files WHERE id = ? AND purged_at IS NULL`, [id]),
  ofRecord: (record: string, path?: string) =>
    db.all<FileRow>(`SELECT ${COLUMNS} FROM files WHERE record_id = ?${path === undefined ? '' : ' AND path = ?'} AND purged_at IS NULL ORDER BY id DESC`, path === undefined ? [record] : [record, path]),
  attach: (id: string, entity: string, record: string, path: string | null) => db.run('UPDATE files SET entity = ?, record_id = ?, path = ?, expires_at = NULL WHERE id = ?', [entity, record, path, id]),
  async expire(ids: string[], now: number): Promise<void> {
    const { sql, params } = db.idsIn('id', ids)
    await db.run(`UPDATE files SET expires_at = ? WHERE ${sql} AND purged_at IS NULL`, [now, ...params])
  },
  expired: (now: number, limit: number) => db.all<FileRow>(`SELECT ${COLUMNS} FROM files WHERE purged_at IS NULL AND expires_at <= ? ORDER BY expires_at LIMIT ${limit}`, [now]),
  async markPurged(ids: string[], now: number): Promise<void> {
    const { sql, params } = db.idsIn('id', ids)
    await db.run(`UPDATE files SET purged_at = ? WHERE ${sql}`, [now, ...params])
  },
  /** which of these locators some living file still names */
  async inUse(locators: string[]): Promise<Set<string>> {
    const { sql, params } = db.idsIn('locator', locators)
    return new Set((await db.all<{ locator: string }>(`SELECT DISTINCT locator FROM files WHERE ${sql} AND purged_at IS NULL`, params)).map((r) => r.locator))
  },
})
