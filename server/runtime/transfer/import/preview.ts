import type { Dict, EntityDef, ImportColumn, ImportDef } from '#server/runtime/definitions/index.ts'
import { ARCHIVE_LIMITS, readArchive } from '#server/runtime/records/archive/index.ts'
import { FileRefusal, HeaderRefusal, mapHeader, readImportRows, readMergedRanges, readSheet, type SheetRow } from '#server/runtime/records/excel/index.ts'
import { propertyAt } from '#server/runtime/records/index.ts'
import type { Call, Problem, Result } from '../../context.ts'
import type { ImportPreview } from '../../../services.ts'
import type { TransferParts } from '../parts.ts'
import { localCopy, previewFolder, withFolder } from '../work-folder.ts'
import { emptyArchive } from './archive-job.ts'
import { namePattern } from './files.ts'
import { columnsOf, findImport } from './find-import.ts'
import { checkParams } from './params.ts'
import { uploadOf, type ImportInput } from './start.ts'

const SHOWN = 20
const HEAD = 10
const MOST_PROBLEMS = 50

/** What is found in the file before anything is stored: where the columns are, the first rows, what is wrong with them and with the file. */
export async function previewImport(parts: TransferParts, call: Call, def: EntityDef, id: string, input: ImportInput): Promise<Result<{ preview: ImportPreview }>> {
  const found = findImport(call, def, id)
  if (!found.ok) return found
  const upload = await uploadOf(parts, call, found.spec, input.file)
  if (!upload.ok) return upload
  const { problems } = await checkParams(parts.core.engine, call, found.spec, input.params)
  const preview = await withFolder(parts, previewFolder(parts.core.engine.ids.next()), async (folder) => {
    const path = await localCopy(parts, input.file, folder)
    return found.spec.kind === 'archive' ? packagePreview(def, found.spec, path) : sheetPreview(found.spec, columnsOf(call.programme, def, found.spec), path, folder)
  })
  return { ok: true, preview: { ...preview, problems: [...problems, ...preview.problems].slice(0, MOST_PROBLEMS) } }
}

const fileProblems = (error: unknown): Problem[] => {
  if (error instanceof HeaderRefusal) return error.problems.map((p) => ({ code: p.code, message: p.person }))
  if (error instanceof FileRefusal) return [{ code: error.code, message: error.person }]
  throw error
}

async function headOf(path: string): Promise<SheetRow[]> {
  const head: SheetRow[] = []
  for await (const row of readSheet(path)) {
    if (row.row > HEAD) break
    head.push(row)
  }
  return head
}

async function sheetPreview(spec: ImportDef, columns: Dict<ImportColumn>, path: string, tempFolder: string): Promise<ImportPreview> {
  const preview: ImportPreview = { columns: Object.values(columns).map((c) => ({ title: c.title, found: null, required: c.required })), rows: [], problems: [] }
  try {
    const head = await headOf(path)
    const header = mapHeader(head, columns, await readMergedRanges(path))
    if (header.ok) {
      const titles = head.find((r) => r.row === header.row)!
      Object.keys(columns).forEach((id, i) => { const place = header.columns[id]; if (place !== undefined) preview.columns[i]!.found = titles.cells[place]!.text.trim() })
    }
    let total = 0
    for await (const row of readImportRows(path, columns, { maxRows: spec.maxRows, tempFolder })) {
      total++
      if (preview.rows.length >= SHOWN) continue
      preview.rows.push({ row: row.row, cells: Object.keys(columns).map((id) => row.cells[id]?.text ?? '') })
      for (const e of row.errors) preview.problems.push({ code: e.code, message: `第 ${row.row} 行：${e.person}` })
    }
    preview.total = total
  } catch (error) { preview.problems.push(...fileProblems(error)) }
  return preview
}

async function packagePreview(def: EntityDef, spec: ImportDef, path: string): Promise<ImportPreview> {
  const { pattern } = namePattern(spec.match ?? '')
  const wanted = (spec.match ?? '').replace(/\{([^{}]+)\}/g, (_, p: string) => propertyAt(def, p)?.title.zh ?? p)
  const preview: ImportPreview = { columns: [{ title: '文件名', found: '文件名', required: true }], rows: [], problems: [] }
  try {
    let total = 0
    for await (const item of readArchive(path, { maxEntryBytes: ARCHIVE_LIMITS.maxEntryBytes })) {
      total++
      if (preview.rows.length >= SHOWN) continue
      preview.rows.push({ row: total, cells: [item.name] })
      if (item.problem) preview.problems.push({ code: item.problem.code, message: item.problem.person })
      else if (!pattern.test(item.name)) preview.problems.push({ code: 'name', message: `文件名“${item.name}”不符合要求，应命名为“${wanted}”` })
    }
    if (total === 0) throw emptyArchive()
    preview.total = total
  } catch (error) { preview.problems.push(...fileProblems(error)) }
  return preview
}
