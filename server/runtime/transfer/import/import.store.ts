import type { Db, SqlValue } from '#server/data/index.ts'
import type { Json } from '#server/platform/json.ts'
import { redactText } from '#server/platform/log.ts'
import type { Sealing } from '#server/runtime/records/index.ts'

export interface ImportRecordRow {
  id: string; entity: string; importId: string; program: string; org: string | null; operator: string; role: string; job: string | null
  createdAt: number; params: Record<string, unknown>; source: string; failFile: string | null; ok: number; failed: number
}
const text = (v: unknown): string | null => (v == null ? null : String(v))
const place = (id: string) => ({ table: 'imports', column: 'params', row: id })

/** The table of imports. Parameters may name persons: they are kept sealed. */
export const importStore = (db: Db, sealing: Sealing) => ({
  async insert(r: Omit<ImportRecordRow, 'failFile' | 'ok' | 'failed' | 'job'>): Promise<void> {
    await db.insertMany('imports', ['id', 'entity', 'import_id', 'program', 'org', 'operator_id', 'operator_role', 'state', 'created_at', 'params', 'source_file'],
      [[r.id, r.entity, r.importId, r.program, r.org, r.operator, r.role, 'waiting', r.createdAt, JSON.stringify({ sealed: sealing.seal(JSON.stringify(r.params), place(r.id)) }), r.source]])
  },
  async setJob(id: string, job: string): Promise<void> { await db.run('UPDATE imports SET job_id = ? WHERE id = ?', [job, id]) },
  async get(id: string): Promise<ImportRecordRow | undefined> {
    const r = await db.one<Record<string, unknown>>('SELECT id, entity, import_id, program, org, operator_id, operator_role, job_id, created_at, params, source_file, fail_file, ok_count, fail_count FROM imports WHERE id = ?', [id])
    if (!r) return undefined
    const { sealed } = JSON.parse(String(r['params'])) as { sealed: string }
    return {
      id, entity: String(r['entity']), importId: String(r['import_id']), program: String(r['program']), org: text(r['org']), operator: String(r['operator_id']), role: String(r['operator_role']), job: text(r['job_id']),
      createdAt: Number(r['created_at']), params: JSON.parse(sealing.open(sealed, place(id))) as Record<string, unknown>, source: String(r['source_file']), failFile: text(r['fail_file']), ok: Number(r['ok_count']), failed: Number(r['fail_count']),
    }
  },
  async running(id: string, total: number): Promise<void> { await db.run(`UPDATE imports SET state = 'running', total = ? WHERE id = ?`, [total, id]) },
  async counted(id: string, ok: number, failed: number): Promise<void> { await db.run('UPDATE imports SET ok_count = ?, fail_count = ? WHERE id = ?', [ok, failed, id]) },
  async finished(id: string, state: 'done' | 'failed', at: number, more: { failFile?: string | null; error?: { code: string; person: string } } = {}): Promise<void> {
    const error: Json = more.error ? { code: more.error.code, person: redactText(more.error.person) } : null
    const params: SqlValue[] = [state, at, state === 'done' ? at : null, more.failFile ?? null, error === null ? null : JSON.stringify(error), id]
    await db.run('UPDATE imports SET state = ?, finished_at = ?, imported_at = ?, fail_file = ?, error = ? WHERE id = ?', params)
  },
  /** The uploaded file belongs to its import and goes when its time is over. */
  async keepSource(file: string, record: string, until: number): Promise<void> {
    await db.run(`UPDATE files SET record_id = ?, path = 'source', expires_at = ? WHERE id = ?`, [record, until, file])
  },
})
export type ImportStore = ReturnType<typeof importStore>
