import { PassThrough } from 'node:stream'
import { createInterface } from 'node:readline'
import type { Dict, ImportColumn } from '#server/runtime/definitions/index.ts'
import { writeFailedRows, type FailedRow } from '#server/runtime/records/excel/index.ts'
import type { StoredFile } from '#server/runtime/files/index.ts'
import type { Call } from '../../context.ts'
import { KEEP_IMPORT_MS, XLSX, type TransferParts } from '../parts.ts'

const SPOOL = 'spool'
const MAX_BYTES = 512 * 1024 ** 2
const meta = (call: Call, record: string) => ({ encrypt: true, createdBy: call.actor.userId, org: call.actor.orgId, record, expiresAt: call.now + KEEP_IMPORT_MS })

/** Keeps the failed rows of one batch, encrypted, with the batch: they are there exactly when its checkpoint is. */
export async function spoolFailed(parts: TransferParts, call: Call, record: string, rows: FailedRow[]): Promise<void> {
  if (rows.length === 0) return
  const lines = rows.map((r) => JSON.stringify(r)).join('\n')
  await parts.files.put(Buffer.from(lines), { ...meta(call, record), kind: 'import-spool', name: String(rows[0]!.row).padStart(10, '0'), mime: 'application/x-ndjson', maxBytes: MAX_BYTES, path: SPOOL })
}

async function* spooled(parts: TransferParts, files: StoredFile[]): AsyncGenerator<FailedRow> {
  for (const file of files) {
    const { stream } = await parts.files.open(file.id)
    const lines = createInterface({ input: stream, crlfDelay: Infinity })
    // readline does not pass on errors of its input
    const broken = new Promise<never>((_, reject) => { stream.once('error', reject) })
    broken.catch(() => undefined)
    const next = lines[Symbol.asyncIterator]()
    for (let r = await Promise.race([next.next(), broken]); !r.done; r = await Promise.race([next.next(), broken])) if (r.value) yield JSON.parse(r.value) as FailedRow
  }
}

export interface FailedFile { file: StoredFile; spools: string[] }
/** All failed rows of an import in one annotated workbook, in the order of the file; null when there are none. */
export async function writeFailedFile(parts: TransferParts, call: Call, record: string, title: string, columns: Dict<ImportColumn>): Promise<FailedFile | null> {
  const spools = (await parts.files.of(record, SPOOL)).sort((a, b) => (a.name < b.name ? -1 : 1))
  if (spools.length === 0) return null
  const target = new PassThrough()
  const stored = parts.files.put(target, { ...meta(call, record), kind: 'import-failed', name: `${title}-失败数据.xlsx`, mime: XLSX, maxBytes: MAX_BYTES, path: 'failed' })
  const written = writeFailedRows(target, { title, columns, rows: spooled(parts, spools), at: call.now })
  const [file] = await both(stored, written, target)
  return { file, spools: spools.map((s) => s.id) }
}

/** The stored file once what writes it has ended; the first error of the two stops both. */
export async function both<A, B>(stored: Promise<A>, written: Promise<B>, target: PassThrough): Promise<[A, B]> {
  const stop = (e: unknown): never => { target.destroy(e as Error); throw e }
  const [a, b] = await Promise.allSettled([stored.catch(stop), written.catch(stop)])
  if (b.status === 'rejected') throw b.reason
  if (a.status === 'rejected') throw a.reason
  return [a.value, b.value]
}
