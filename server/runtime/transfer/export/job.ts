import { PassThrough } from 'node:stream'
import { AppError } from '#server/platform/errors.ts'
import { may } from '#server/runtime/access/index.ts'
import { auditEvent } from '#server/runtime/audit/index.ts'
import type { JobContext } from '#server/runtime/jobs/index.ts'
import { writePlainSheet, type WriteValue } from '#server/runtime/records/excel/index.ts'
import { factsFor, formatTime, say } from '#server/runtime/records/index.ts'
import { callOfJob } from '../import/run.ts'
import { both } from '../import/spool.ts'
import { KEEP_EXPORT_MS, XLSX, type TransferParts } from '../parts.ts'
import { plainPaths } from './columns.ts'
import { exportSheet, idsOf, type ExportAsk } from './rows.ts'

const MAX_BYTES = 1024 ** 3
/** bytes that may wait for the disk before the rows do */
const AHEAD = 1024 ** 2
export interface ExportJobResult { ok: number; files: { id: string; name: string; bytes: number }[]; [key: string]: number | { id: string; name: string; bytes: number }[] }
interface Row { entity: string; export_id: string; program: string; operator_id: number | string; operator_role: string; query: string }

/** Writes an export to an encrypted sheet, batch by batch. Begun again it starts from the front: nothing is stored before its end. */
export async function runExport(parts: TransferParts, id: string, ctx: JobContext): Promise<ExportJobResult> {
  // killed after its last commit: the file is there and has been told of
  const before = ctx.checkpoint as { exported?: ExportJobResult } | null
  if (before?.exported) return before.exported
  const { engine } = parts.core
  const row = await parts.db.one<Row>('SELECT entity, export_id, program, operator_id, operator_role, query FROM exports WHERE id = ?', [id])
  if (!row) throw new AppError('NOT_FOUND', { what: '导出', id })
  const call = await callOfJob(parts, { operator: String(row.operator_id), role: row.operator_role, program: row.program }, ctx.clock.now())
  const def = engine.registry.entity(row.program, row.entity)
  const spec = def.form.exports[row.export_id]
  if (!spec || !may(call.programme, def, call.actor.role, 'export')) throw new AppError('FORBIDDEN', { actor: call.actor.userId, action: `export:${row.export_id}`, where: def.id })
  const { sealed } = JSON.parse(row.query) as { sealed: string }
  const ask = JSON.parse(engine.sealing.open(sealed, { table: 'exports', column: 'query', row: id })) as ExportAsk
  const ids = await idsOf(engine, call, def, spec, ask)
  const sheet = exportSheet(engine, call, def, spec, ids)
  await ctx.progress({ done: 0, total: ids.length })
  const batches = async function* (): AsyncGenerator<WriteValue[][]> {
    for await (const batch of sheet.batches((done) => ctx.progress({ done, total: ids.length }))) { ctx.signal.throwIfAborted(); yield batch }
  }
  const title = say(spec.title, call.actor.lang)
  const target = new PassThrough({ highWaterMark: AHEAD })
  const stored = parts.files.put(target, {
    kind: 'export', name: `${title}-${formatTime(call.now, 'yyyyMMddHHmm', call.zone)}.xlsx`, mime: XLSX, maxBytes: MAX_BYTES, encrypt: true,
    createdBy: call.actor.userId, org: call.actor.orgId, expiresAt: call.now + KEEP_EXPORT_MS,
  })
  const [file, count] = await both(stored, writePlainSheet(target, { title, columns: sheet.columns, at: call.now }, batches()), target)
  const exported: ExportJobResult = { ok: count, files: [{ id: file.id, name: file.name, bytes: file.bytes }] }
  await ctx.commit(async (t) => {
    await t.run(`UPDATE exports SET state = 'done', finished_at = ?, row_count = ?, file_id = ?, expires_at = ? WHERE id = ?`, [ctx.clock.now(), count, file.id, call.now + KEEP_EXPORT_MS, id])
    await engine.audit?.(auditEvent.exported(call.actor, { entity: def.id, export: row.export_id, count, file: file.id, plain: plainPaths(call, factsFor(engine, call), def, spec) }))
    return { checkpoint: { exported }, done: ids.length, total: ids.length }
  })
  return exported
}
