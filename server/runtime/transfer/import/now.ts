import type { EntityDef } from '#server/runtime/definitions/index.ts'
import { FileRefusal } from '#server/runtime/records/excel/index.ts'
import type { Call } from '../../context.ts'
import type { TransferParts } from '../parts.ts'
import { saveFiles, storeFiles } from './files.ts'
import { columnsOf, findImport } from './find-import.ts'
import { checkParams } from './params.ts'
import { rowsOfObjects } from './read-rows.ts'
import { importRows, type ImportTask, type RowResult } from './rows.ts'

/** `errors`: every reason by the row that Excel shows (the first data row is 2), or by the place in the package; `refused`: why nothing was done at all. */
export interface ImportedNow { ok: number; failed: number; errors: Record<string, string[]>; warnings: Record<string, string[]>; made: string[]; refused?: string[] }

const none = (refused: string[]): ImportedNow => ({ ok: 0, failed: 0, errors: {}, warnings: {}, made: [], refused })
const outcome = (results: RowResult[]): ImportedNow => {
  const by = (of: 'errors' | 'warnings') => Object.fromEntries(results.flatMap((r) => (r[of].length ? [[String(r.row), r[of]]] : [])))
  const failed = results.filter((r) => r.errors.length > 0).length
  return { ok: results.length - failed, failed, errors: by('errors'), warnings: by('warnings'), made: results.flatMap((r) => r.made) }
}

async function begin(parts: TransferParts, call: Call, def: EntityDef, id: string, given: Record<string, unknown>, run: (task: ImportTask) => Promise<RowResult[]>): Promise<ImportedNow> {
  const found = findImport(call, def, id)
  if (!found.ok) return none(found.problems.map((p) => p.message))
  const { params, problems } = await checkParams(parts.core.engine, call, found.spec, given)
  if (problems.length > 0) return none(problems.map((p) => p.message))
  try {
    return outcome(await run({ engine: parts.core.engine, call, def, id, spec: found.spec, params }))
  } catch (error) {
    if (error instanceof FileRefusal) return none(error.person.split('\n'))
    throw error
  }
}

/** Imports rows given by column title at once: the same cells, rights, parameters and units as a sheet, without a file and a job. */
export const importRowsNow = (parts: TransferParts, call: Call, def: EntityDef, id: string, params: Record<string, unknown>, rows: Record<string, unknown>[]): Promise<ImportedNow> =>
  begin(parts, call, def, id, params, (task) => importRows(task, rowsOfObjects(rows, columnsOf(call.programme, def, task.spec), call.zone)))

/** Imports the files of a package at once. */
export const importArchiveNow = (parts: TransferParts, call: Call, def: EntityDef, id: string, params: Record<string, unknown>, files: { name: string; bytes: Buffer }[]): Promise<ImportedNow> =>
  begin(parts, call, def, id, params, async (task) => {
    const stored = await storeFiles(parts, task, files.map((f, i) => ({ row: i + 1, ...f })))
    return parts.db.tx(() => saveFiles(parts, task, stored))
  })
