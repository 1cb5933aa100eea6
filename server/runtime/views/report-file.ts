import { Readable, Writable } from 'node:stream'
import type { ListQuery, StoredFile } from '#server/services.ts'
import { auditEvent } from '#server/runtime/audit/index.ts'
import { writeSheet } from '#server/runtime/records/excel/index.ts'
import type { Actor, Result } from '../context.ts'
import type { ViewParts } from './parts.ts'
import { viewReport } from './reports.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** A statistic as a workbook, as it is shown; it has as many rows as groups, so it is made at once. */
export async function reportFile(parts: ViewParts, actor: Actor, entity: string, id: string, query: ListQuery): Promise<Result<{ file: StoredFile }>> {
  const report = await viewReport(parts, actor, entity, id, query)
  if (!report.ok) return report
  const chunks: Buffer[] = []
  const target = new Writable({ write(chunk: Buffer, _encoding, done) { chunks.push(chunk); done() } })
  await writeSheet(target, {
    title: report.title, at: parts.core.call(actor).now,
    columns: report.columns.map((c, i) => ({ title: c.title, ...(i >= report.groups && !report.rows.some((r) => r[i]?.text.endsWith('%')) ? { kind: 'number' as const } : {}) })),
    rows: report.rows.map((row, n) => row.map((cell, i) => (i < report.groups || cell.text.endsWith('%') || cell.text === '' ? cell.text : report.values[n]?.[i]))),
  })
  const body = Buffer.concat(chunks)
  await parts.core.engine.audit?.(auditEvent.exported(actor, { entity: report.entity, export: `report:${id}`, count: report.rows.length }))
  return { ok: true, file: { id: '', name: `${report.title}.xlsx`, mime: XLSX, bytes: body.length, open: () => Promise.resolve(Readable.from(body)) } }
}
