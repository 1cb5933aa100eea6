import type { SqlValue } from '#server/data/index.ts'
import { may } from '#server/runtime/access/index.ts'
import type { EntityDef, ProgrammeDef } from '#server/runtime/definitions/index.ts'
import { say } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import type { ImportRecord } from '../../../services.ts'
import type { TransferParts } from '../parts.ts'

interface Row { id: number | string; entity: string; import_id: string; operator_id: number | string; operator_role: string; org: number | string | null; created_at: number; ok_count: number; fail_count: number; job_id: number | string; job_state: string | null; fail_file: number | string | null; source_name: string | null; who: string | null }
const STATE: Record<string, ImportRecord['state']> = { queued: 'waiting', running: 'running', done: 'done', failed: 'failed', cancelled: 'cancelled' }

/** The entity's own table, or a condition over all imports that this programme shows. */
function ofProgramme(call: Call, def: EntityDef | undefined): { sql: string; params: SqlValue[] } {
  if (def) return def.home === 'programme' ? { sql: 'i.entity = ? AND i.program = ?', params: [def.id, call.programme.id] } : { sql: 'i.entity = ?', params: [def.id] }
  const shared = sharedEntities(call.programme)
  return { sql: `(i.program = ?${shared.length ? ` OR i.entity IN (${shared.map(() => '?').join(',')})` : ''})`, params: [call.programme.id, ...shared] }
}
const sharedEntities = (programme: ProgrammeDef): string[] => [...new Set(Object.values(programme.entities).filter((e) => e.home !== 'programme' && Object.keys(e.form.imports).length > 0).map((e) => e.id))]

const ownRows = (call: Call): { sql: string; params: SqlValue[] } => {
  if (call.actor.portal === 'platform') return { sql: '1 = 1', params: [] }
  return call.actor.orgId ? { sql: 'i.org = ?', params: [call.actor.orgId] } : { sql: 'i.operator_id = ?', params: [call.actor.userId] }
}

/** Failed rows hold whole personal numbers: for whoever sent them, and colleagues who may do the same import. */
const maySeeFailed = (call: Call, row: Pick<Row, 'operator_id' | 'org' | 'entity' | 'import_id'>): boolean => {
  if (String(row.operator_id) === call.actor.userId) return true
  const def = call.programme.entities[row.entity]
  const sameOrg = call.actor.orgId !== null && row.org !== null && String(row.org) === call.actor.orgId
  return Boolean(def) && (sameOrg || call.actor.portal === 'platform') && may(call.programme, def!, call.actor.role, `import:${row.import_id}`)
}

/** 导入记录 of the person's organisation, newest first; the platform sees all. */
export async function importRecords(parts: TransferParts, call: Call, def: EntityDef | undefined, query: { page?: number; size?: number }): Promise<{ items: ImportRecord[]; total: number }> {
  const [programme, own] = [ofProgramme(call, def), ownRows(call)]
  const where = `WHERE ${programme.sql} AND ${own.sql}`
  const params = [...programme.params, ...own.params]
  const size = Math.min(100, Math.max(1, query.size ?? 20))
  const offset = (Math.max(1, query.page ?? 1) - 1) * size
  const users = parts.core.engine.registry.entity(call.programme.id, 'core/user').table
  const rows = await parts.db.all<Row>(
    `SELECT i.id, i.entity, i.import_id, i.operator_id, i.operator_role, i.org, i.created_at, i.ok_count, i.fail_count, i.job_id, i.fail_file, j.state AS job_state, f.name AS source_name, u.name AS who FROM imports i
     LEFT JOIN jobs j ON j.id = i.job_id LEFT JOIN files f ON f.id = i.source_file LEFT JOIN ${users} u ON u.id = i.operator_id ${where} ORDER BY i.created_at DESC, i.id DESC LIMIT ${size} OFFSET ${offset}`, params)
  const total = Number((await parts.db.one<{ n: number }>(`SELECT COUNT(*) AS n FROM imports i ${where}`, params))?.n ?? 0)
  return { items: rows.map((r) => viewOf(call, r)), total }
}

function viewOf(call: Call, r: Row): ImportRecord {
  const spec = call.programme.entities[r.entity]?.form.imports[r.import_id]
  const role = call.programme.roles[r.operator_role]
  return {
    id: String(r.id), entity: r.entity, import: r.import_id, title: spec ? say(spec.title, call.actor.lang) : r.import_id, fileName: r.source_name ?? '', who: r.who ?? '', role: role ? say(role.title, call.actor.lang) : r.operator_role,
    at: new Date(r.created_at).toISOString(), ok: r.ok_count, failed: r.fail_count, state: STATE[r.job_state ?? ''] ?? 'waiting', job: String(r.job_id),
    ...(r.fail_file !== null && maySeeFailed(call, r) ? { failedFile: String(r.fail_file) } : {}),
  }
}

/** Whether a file that a transfer keeps (upload, failed rows, export) may be opened by this person; null = it belongs to no transfer. */
export async function mayOpenTransferFile(parts: TransferParts, call: Call, file: string): Promise<boolean | null> {
  const row = await parts.db.one<Pick<Row, 'operator_id' | 'org' | 'entity' | 'import_id'>>('SELECT operator_id, org, entity, import_id FROM imports WHERE fail_file = ? OR source_file = ?', [file, file])
  if (row) return maySeeFailed(call, row)
  const out = await parts.db.one<{ operator_id: number | string }>('SELECT operator_id FROM exports WHERE file_id = ?', [file])
  return out ? String(out.operator_id) === call.actor.userId : null
}
