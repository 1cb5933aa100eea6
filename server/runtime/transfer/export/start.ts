import { isOneOf, may } from '#server/runtime/access/index.ts'
import type { EntityDef, ExportDef } from '#server/runtime/definitions/index.ts'
import type { Call, Result } from '../../context.ts'
import { forbidden, refused, type TransferParts } from '../parts.ts'
import { countRows, exportSheet, idsOf, queryProblems, type ExportAsk } from './rows.ts'

/** The export, when it exists, the person has the right `export` and the list is there. */
function findExport(call: Call, def: EntityDef, id: string, ask: ExportAsk): Result<{ spec: ExportDef }> {
  const spec = Object.hasOwn(def.form.exports, id) ? def.form.exports[id] : undefined
  if (!spec) return refused('NOT_FOUND', '没有此导出，请刷新页面后重试', 404)
  if (!may(call.programme, def, call.actor.role, 'export')) return forbidden()
  const lists = Object.entries(def.form.lists).filter(([, l]) => isOneOf(call.programme, call.actor.role, l.roles)).map(([list]) => list)
  if (ask.list !== undefined && !lists.includes(ask.list)) return refused('NOT_FOUND', `没有列表“${ask.list.slice(0, 60)}”，可用：${lists.join('、')}`, 404)
  return { ok: true, spec }
}
/** How many records the dialog announces. */
export async function countExport(parts: TransferParts, call: Call, def: EntityDef, id: string, ask: ExportAsk): Promise<Result<{ count: number }>> {
  const found = findExport(call, def, id, ask)
  if (!found.ok) return found
  const problems = queryProblems(parts.core.engine, call, def, found.spec, ask)
  return problems.length ? refused('QUERY_INVALID', problems) : { ok: true, count: await countRows(parts.core.engine, call, def, found.spec, ask) }
}

/** Queues the export. What was asked may hold a personal number (a filter): it is kept sealed. */
export async function startExport(parts: TransferParts, call: Call, def: EntityDef, id: string, ask: ExportAsk): Promise<Result<{ job: string; count: number; export: string }>> {
  const counted = await countExport(parts, call, def, id, ask)
  if (!counted.ok) return counted
  const { engine } = parts.core
  const record = engine.ids.next()
  const query = JSON.stringify({ sealed: engine.sealing.seal(JSON.stringify(ask), { table: 'exports', column: 'query', row: record }) })
  const job = await parts.db.tx(async () => {
    const queued = await parts.jobs.enqueue('transfer.export', { export: record, entity: def.id, name: id }, { key: `transfer.export:${record}`, createdBy: call.actor.userId || null, org: call.actor.orgId })
    await parts.db.insertMany('exports', ['id', 'export_id', 'entity', 'program', 'org', 'operator_id', 'operator_role', 'state', 'job_id', 'created_at', 'query'],
      [[record, id, def.id, call.programme.id, call.actor.orgId, call.actor.userId, call.actor.role, 'waiting', queued, call.now, query]])
    return queued
  })
  return { ok: true, job, count: counted.count, export: record }
}

/** The same columns and rows at once, as texts. */
export async function exportRowsNow(parts: TransferParts, call: Call, def: EntityDef, id: string, ask: ExportAsk): Promise<Result<{ columns: string[]; rows: string[][] }>> {
  const found = findExport(call, def, id, ask)
  if (!found.ok) return found
  const { engine } = parts.core
  const sheet = exportSheet(engine, call, def, found.spec, await idsOf(engine, call, def, found.spec, ask))
  const rows: string[][] = []
  for await (const batch of sheet.batches()) for (const r of batch) rows.push(r.map((v) => (v === null || v === undefined ? '' : String(v))))
  return { ok: true, columns: sheet.columns.map((c) => c.title), rows }
}
