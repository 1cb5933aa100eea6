import { PassThrough } from 'node:stream'
import type { EntityDef } from '#server/runtime/definitions/index.ts'
import { writeImportTemplate } from '#server/runtime/records/excel/index.ts'
import { say } from '#server/runtime/records/index.ts'
import type { Call, Result } from '../../context.ts'
import { refused, XLSX } from '../parts.ts'
import { columnsOf, findImport } from './find-import.ts'

export interface TemplateFile { name: string; mime: string; bytes: Buffer }

/** The sheet people fill in; small whatever the import. */
export async function importTemplate(call: Call, def: EntityDef, id: string): Promise<Result<{ file: TemplateFile }>> {
  const found = findImport(call, def, id)
  if (!found.ok) return found
  const { spec } = found
  if (spec.kind !== 'sheet') return refused('NOT_FOUND', '此导入没有模板', 404)
  const title = say(spec.title, call.actor.lang)
  const target = new PassThrough()
  const chunks: Buffer[] = []
  target.on('data', (chunk: Buffer) => chunks.push(chunk))
  const notes = spec.notes ? [`5. ${say(spec.notes, call.actor.lang)}`] : []
  await writeImportTemplate(target, { title, columns: columnsOf(call.programme, def, spec), notes, example: true, maxRows: spec.maxRows, at: call.now })
  return { ok: true, file: { name: `${title}模板.xlsx`, mime: XLSX, bytes: Buffer.concat(chunks) } }
}
