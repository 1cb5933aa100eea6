import { AppError } from '#server/platform/errors.ts'
import { auditEvent } from '#server/runtime/audit/index.ts'
import type { JobContext } from '#server/runtime/jobs/index.ts'
import { FileRefusal } from '#server/runtime/records/excel/index.ts'
import { say } from '#server/runtime/records/index.ts'
import type { Dict, ImportColumn } from '#server/runtime/definitions/index.ts'
import type { Warned } from '../../context.ts'
import type { TransferParts } from '../parts.ts'
import { localCopy, withFolder } from '../work-folder.ts'
import { importArchive, ARCHIVE_COLUMNS } from './archive-job.ts'
import type { ImportCheckpoint, ImportRun } from './batches.ts'
import { columnsOf, findImport } from './find-import.ts'
import { importStore } from './import.store.ts'
import type { ImportTask } from './rows.ts'
import { callOfJob } from './run.ts'
import { importSheet } from './sheet-job.ts'
import { writeFailedFile } from './spool.ts'

export interface ImportJobResult { ok: number; failed: number; files: { id: string; name: string; bytes: number }[]; warned: Warned; [key: string]: number | { id: string; name: string; bytes: number }[] | Warned }
/** Runs an import from its checkpoint. A file refused as a whole ends it with its reason and nothing stored. */
export async function runImport(parts: TransferParts, id: string, ctx: JobContext): Promise<ImportJobResult> {
  const store = importStore(parts.db, parts.core.engine.sealing)
  const record = await store.get(id)
  if (!record) throw new AppError('NOT_FOUND', { what: '导入', id })
  const at = ctx.checkpoint as ImportCheckpoint | null
  const call = await callOfJob(parts, record, at?.now ?? ctx.clock.now())
  const def = parts.core.engine.registry.entity(record.program, record.entity)
  const found = findImport(call, def, record.importId)
  if (!found.ok) throw new AppError('FORBIDDEN', { actor: record.operator, action: `import:${record.importId}`, where: def.id })
  const { spec } = found
  const archive = spec.kind === 'archive'
  const columns = archive ? ARCHIVE_COLUMNS : columnsOf(call.programme, def, spec)
  const task: ImportTask = { engine: parts.core.engine, call, def, id: record.importId, spec, params: record.params, seen: new Map() }
  const title = say(spec.title, call.actor.lang)
  try {
    if (!at?.finished) await withFolder(parts, ctx.job.id, async (folder) => {
      const run: ImportRun = { parts, ctx, record, task, columns, folder, path: await localCopy(parts, record.source, folder) }
      await (archive ? importArchive(run) : importSheet(run))
    })
    return await finish(parts, ctx, task, record.id, title, columns)
  } catch (error) {
    if (!(error instanceof FileRefusal)) throw error
    await store.finished(id, 'failed', ctx.clock.now(), { error: { code: error.code, person: error.person } })
    throw new AppError('FILE_REFUSED', { what: `import ${def.id}.${record.importId}`, reason: error.code, message: error.person })
  }
}

async function finish(parts: TransferParts, ctx: JobContext, task: ImportTask, record: string, title: string, columns: Dict<ImportColumn>): Promise<ImportJobResult> {
  const before = ctx.checkpoint as ImportCheckpoint
  if (!before.finished) {
    const failed = await writeFailedFile(parts, task.call, record, title, columns)
    await ctx.commit(async () => {
      await importStore(parts.db, task.engine.sealing).finished(record, 'done', ctx.clock.now(), { failFile: failed?.file.id ?? null })
      await parts.files.remove(failed?.spools ?? [])
      await task.engine.audit?.(auditEvent.imported(task.call.actor, { entity: task.def.id, import: task.id, job: ctx.job.id, ok: before.ok, failed: before.failed }))
      const checkpoint: ImportCheckpoint = { ...before, file: failed?.file.id ?? null, finished: true }
      return { checkpoint, done: before.total, total: before.total }
    })
  }
  const { ok, failed, file, warned } = ctx.checkpoint as ImportCheckpoint
  const stored = file ? await parts.files.get(file) : null
  return { ok, failed, files: stored ? [{ id: stored.id, name: stored.name, bytes: stored.bytes }] : [], warned }
}
