import { extname } from 'node:path'
import { AppError } from '#server/platform/errors.ts'
import type { EntityDef, ImportDef } from '#server/runtime/definitions/index.ts'
import type { StoredFile } from '#server/runtime/files/index.ts'
import { ARCHIVE_LIMITS } from '#server/runtime/records/archive/index.ts'
import { SHEET_LIMITS } from '#server/runtime/records/excel/index.ts'
import type { Call, Result } from '../../context.ts'
import { KEEP_IMPORT_MS, refused, type TransferParts } from '../parts.ts'
import { findImport } from './find-import.ts'
import { importStore } from './import.store.ts'
import { checkParams } from './params.ts'

export interface ImportInput { file: string; params: Record<string, unknown> }

/** Extensions and bytes an import takes. Old .xls files are let in so that the person is told how to save them anew. */
export const acceptOf = (spec: ImportDef): { accept: string[]; maxBytes: number } =>
  spec.kind === 'archive' ? { accept: ['.zip'], maxBytes: ARCHIVE_LIMITS.maxFileBytes } : { accept: ['.xlsx', '.xls'], maxBytes: SHEET_LIMITS.maxFileBytes }

/** The upload, when it is the person's own and of the right kind and size. */
export async function uploadOf(parts: TransferParts, call: Call, spec: ImportDef, id: string): Promise<Result<{ file: StoredFile }>> {
  const file = /^\d{1,19}$/.test(id) ? await parts.files.get(id).catch((e: unknown) => { if (e instanceof AppError && e.status < 500) return null; throw e }) : null
  if (!file || file.createdBy !== call.actor.userId) return refused('NOT_FOUND', '没有找到上传的文件，请重新上传', 404)
  const { accept, maxBytes } = acceptOf(spec)
  if (!accept.includes(extname(file.name).toLowerCase())) return refused('UNSUPPORTED', `文件“${file.name}”的类型不符，请上传 ${accept.join('、')} 文件`, 415)
  if (file.bytes > maxBytes) return refused('TOO_LARGE', `文件大小超过上限 ${Math.floor(maxBytes / 1024 ** 2)} MB，请拆分后分批上传`, 413)
  return { ok: true, file }
}

/** Checks right, parameters and file, writes the import's record and queues its job. Repeats of the same upload are one job. */
export async function startImport(parts: TransferParts, call: Call, def: EntityDef, id: string, input: ImportInput): Promise<Result<{ job: string; import: string }>> {
  const found = findImport(call, def, id)
  if (!found.ok) return found
  if (found.spec.kind === 'pick') return refused('INPUT_INVALID', '此导入不需要文件，请选择记录', 400)
  const { params, problems } = await checkParams(parts.core.engine, call, found.spec, input.params)
  if (problems.length > 0) return refused('PARAMS_INVALID', problems)
  const upload = await uploadOf(parts, call, found.spec, input.file)
  if (!upload.ok) return upload
  const { engine } = parts.core
  const store = importStore(parts.db, engine.sealing)
  return parts.db.tx(async () => {
    const known = await parts.jobs.find(keyOf(input.file))
    if (known) return { ok: true, job: known.id, import: String((await parts.db.one<{ id: number }>('SELECT id FROM imports WHERE job_id = ?', [known.id]))?.id ?? '') }
    const record = engine.ids.next()
    await store.insert({ id: record, entity: def.id, importId: id, program: call.programme.id, org: call.actor.orgId, operator: call.actor.userId, role: call.actor.role, createdAt: call.now, params, source: input.file })
    await store.keepSource(input.file, record, call.now + KEEP_IMPORT_MS)
    const job = await parts.jobs.enqueue('transfer.import', { import: record, entity: def.id, name: id }, { key: keyOf(input.file), createdBy: call.actor.userId, org: call.actor.orgId })
    await store.setJob(record, job)
    return { ok: true, job, import: record }
  })
}
const keyOf = (file: string): string => `transfer.import:${file}`
