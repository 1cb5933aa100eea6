import type { Dict, ImportColumn } from '#server/runtime/definitions/index.ts'
import { ARCHIVE_LIMITS, FileRefusal, readArchive, type ArchiveItem } from '#server/runtime/records/archive/index.ts'
import { batchesOf, beginRows, commitBatch, type ImportCheckpoint, type ImportRun } from './batches.ts'
import { fileOf, saveFiles, storeFiles, type NamedFile } from './files.ts'

/** The file of failed rows names what the package held. */
export const ARCHIVE_COLUMNS: Dict<ImportColumn> = { file: { title: '文件名', required: true } }
/** files stored with one commit, and the bytes held for them */
const BATCH = 50
const BATCH_BYTES = 48 * 1024 ** 2
/** a larger file is a row with its reason, however large */
const SLACK = 4 * 1024 ** 2

export const emptyArchive = (): FileRefusal => new FileRefusal('no-rows', 'empty archive', '压缩包里没有文件，请检查后重新上传。')

/** Files of a package, matched by name to records, in batches that go on from the checkpoint. */
export async function importArchive(run: ImportRun): Promise<void> {
  const { ctx, task, path } = run
  const { file } = fileOf(task.def, task.spec)
  const options = { maxEntryBytes: Math.min(ARCHIVE_LIMITS.maxEntryBytes, file.maxBytes + SLACK) }
  if (ctx.checkpoint === null) {
    let total = 0
    for await (const _ of readArchive(path, options)) if (++total > task.spec.maxRows) throw new FileRefusal('too-many-entries', `more than ${task.spec.maxRows}`, `压缩包里的文件超过上限 ${task.spec.maxRows} 个，请拆分后分批上传。`)
    if (total === 0) throw emptyArchive()
    await beginRows(run, total)
  }
  const { row: done } = ctx.checkpoint as ImportCheckpoint
  const items = async function* (): AsyncGenerator<NamedFile> {
    let row = 0
    for await (const item of readArchive(path, options)) if (++row > done) yield await load(item, row)
  }
  for await (const batch of batchesOf(items(), () => BATCH, (f) => f.bytes?.length ?? 0, BATCH_BYTES)) {
    const stored = await storeFiles(run.parts, task, batch)
    await commitBatch(run, async () => {
      const results = await saveFiles(run.parts, task, stored)
      const failedRows = results.flatMap((r, n) => (r.errors.length ? [{ row: r.row, cells: { file: { kind: 'string' as const, text: batch[n]!.name } }, reasons: r.errors }] : []))
      return { results, failedRows, last: batch.at(-1)!.row }
    })
  }
}

async function load(item: ArchiveItem, row: number): Promise<NamedFile> {
  if (item.problem) return { row, name: item.name, problem: item.problem.person }
  try { return { row, name: item.name, bytes: await item.read() } } catch (error) {
    if (!(error instanceof FileRefusal)) throw error
    // one file that cannot be unpacked says nothing about the others
    return { row, name: item.name, problem: error.code === 'corrupt' ? `文件“${item.name}”在压缩包里已损坏，请重新打包后再上传。` : error.person }
  }
}
