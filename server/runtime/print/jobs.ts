import { Readable } from 'node:stream'
import { zipDocuments, type DocumentResult } from '#server/runtime/documents/index.ts'
import type { EntityDef } from '#server/runtime/definitions/index.ts'
import type { Jobs, JobType } from '#server/runtime/jobs/index.ts'
import { auditEvent } from '#server/runtime/audit/index.ts'
import { defineJob } from '#server/runtime/jobs/index.ts'
import { visibleIds, factsFor } from '#server/runtime/records/index.ts'
import { may } from '#server/runtime/access/index.ts'
import { actorOf } from '#server/runtime/accounts/index.ts'
import type { Actor, Call, Result } from '../context.ts'
import { planPrint } from './contexts.ts'
import { renderPlan, type PrintParts } from './render.ts'

export interface PrintRequest { entity: string; document: string; ids: string[]; programme: string; user: string; role: string; format?: 'pdf' | 'xlsx' }
interface Printed { ok: number; failed: number; skipped: number; files: { id: string; name: string; bytes: number }[]; [key: string]: number | { id: string; name: string; bytes: number }[] }
const KEEP_MS = 7 * 86_400_000
const ARCHIVE = 2 * 1024 ** 3
const MIME = { pdf: 'application/pdf', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', zip: 'application/zip' }

const refuse = (code: string, message: string, status = 422): Extract<Result<object>, { ok: false }> => ({ ok: false, code, status, problems: [{ code, message }] })

/** Checks right and condition now, prints in a job: one file, or a ZIP when there are several documents. */
export async function startPrint(parts: PrintParts & { jobs: Jobs }, call: Call, def: EntityDef, document: string, ids: string[], format?: 'pdf' | 'xlsx'): Promise<Result<{ job: string; count: number }>> {
  const spec = Object.hasOwn(def.form.documents, document) ? def.form.documents[document] : undefined
  if (!spec || !(may(call.programme, def, call.actor.role, `document:${document}`) || may(call.programme, def, call.actor.role, 'export') || may(call.programme, def, call.actor.role, 'read'))) return refuse('FORBIDDEN', '您没有此项操作的权限', 403)
  const { engine } = parts.core
  const visible = await visibleIds(call, factsFor(engine, call), def, ids)
  const plan = await planPrint(engine, call, def, spec, ids.filter((id) => visible.has(id)))
  if (plan.units.length === 0) return refuse('NOTHING_TO_PRINT', '所选记录目前没有可导出的材料')
  const request: PrintRequest = { entity: def.id, document, ids: ids.filter((id) => visible.has(id)), programme: call.programme.id, user: call.actor.userId, role: call.actor.role, ...(format ? { format } : {}) }
  const job = await parts.jobs.enqueue('documents.print', { ...request }, { createdBy: call.actor.userId, org: call.actor.orgId })
  return { ok: true, job, count: plan.units.length }
}

export function printJobs(parts: PrintParts): JobType[] {
  return [defineJob<PrintRequest, Printed>({
    type: 'documents.print', input: { type: 'object' }, timeoutMs: 7_200_000,
    async run(request, ctx) {
      // killed after its last commit: the file is there and has been told of
      const before = ctx.checkpoint as { printed?: Printed } | null
      if (before?.printed) return before.printed
      const actor = await actorOf(parts.core.engine, request.programme, { id: request.user }, { role: request.role })
      if (!actor) throw new Error('the person who asked is not there any more')
      const call = parts.core.call(actor)
      const def = parts.core.engine.registry.entity(request.programme, request.entity)
      const plan = await planPrint(parts.core.engine, call, def, def.form.documents[request.document]!, request.ids)
      const total = plan.units.length
      await ctx.progress({ done: 0, total })
      const file = total === 1 ? await one(parts, call, plan, request, actor) : await archive(parts, call, plan, request, actor, (done) => ctx.progress({ done, total }))
      const printed: Printed = { ok: total - file.failed, failed: file.failed, skipped: plan.skipped, files: [{ id: file.id, name: file.name, bytes: file.bytes }] }
      await ctx.commit(async () => {
        await parts.core.engine.audit?.(auditEvent.printed(actor, { entity: def.id, document: request.document, records: request.ids, failed: file.failed, file: file.id }))
        return { checkpoint: { printed }, done: total, total }
      })
      return printed
    },
  })]
}

type Plan = Awaited<ReturnType<typeof planPrint>>
const meta = (actor: Actor, now: number) => ({ kind: 'export', encrypt: true, createdBy: actor.userId, org: actor.orgId, expiresAt: now + KEEP_MS })

async function one(parts: PrintParts, call: Call, plan: Plan, request: PrintRequest, actor: Actor) {
  for await (const d of renderPlan(parts, call, plan, request.format)) {
    if (!d.ok) throw Object.assign(new Error(d.problem.message), { code: d.problem.code, userMessage: d.problem.userMessage })
    const file = await parts.files.put(Readable.from([Buffer.from(d.bytes)]), { ...meta(actor, call.now), name: d.name, mime: MIME[d.type], maxBytes: ARCHIVE })
    return { id: file.id, name: file.name, bytes: file.bytes, failed: 0 }
  }
  throw new Error('nothing was printed')
}

async function archive(parts: PrintParts, call: Call, plan: Plan, request: PrintRequest, actor: Actor, progress: (done: number) => Promise<void>) {
  let failed = 0
  async function* counted(): AsyncGenerator<DocumentResult> {
    let done = 0
    for await (const d of renderPlan(parts, call, plan, request.format)) { if (!d.ok) failed++; yield d; await progress(++done) }
  }
  const zip = zipDocuments(counted(), { now: call.now })
  const name = `${plan.template.title.zh}.zip`
  const file = await parts.files.put(zip, { ...meta(actor, call.now), name, mime: MIME.zip, maxBytes: ARCHIVE })
  return { id: file.id, name, bytes: file.bytes, failed }
}
