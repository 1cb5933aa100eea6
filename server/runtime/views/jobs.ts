import type { JobView } from '#server/services.ts'
import type { JobView as Stored } from '#server/runtime/jobs/index.ts'
import { isAppError } from '#server/platform/errors.ts'
import type { Actor, Call, Lang, Result } from '../context.ts'
import { isId, isObject, iso, notFound, page, textOf, word, type ViewParts } from './parts.ts'

const TITLES: Record<string, [string, string]> = {
  'documents.print': ['导出材料', 'Print documents'], 'transfer.import': ['导入数据', 'Import'], 'transfer.export': ['导出数据', 'Export'], 'desk.press': ['批量处理', 'Bulk action'], 'process.operation': ['流程处理', 'Operation'], 'process.effect': ['流程处理', 'Operation'], 'process.message': ['流程消息', 'Message'],
}
const STATES: Record<Stored['state'], JobView['state']> = { queued: 'waiting', running: 'running', done: 'done', failed: 'failed', cancelled: 'cancelled' }

/** What a job is called: its document, import or button where the payload names one. */
function titleOf(parts: ViewParts, call: Call, job: Stored, payload: Record<string, unknown>): string {
  const def = typeof payload['entity'] === 'string' ? parts.core.registry.findEntity(call.programme.id, payload['entity']) : undefined
  const document = def?.form.documents[String(payload['document'] ?? '')]
  const action = def?.form.actions[String(payload['button'] ?? '')]
  const name = String(payload['name'] ?? '')
  const transfer = job.type === 'transfer.import' ? def?.form.imports[name]?.title : job.type === 'transfer.export' ? def?.form.exports[name]?.title : undefined
  const named = transfer ?? document?.title ?? action?.bulk ?? action?.title
  const known = TITLES[job.type]
  if (typeof payload['title'] === 'string' && job.type.startsWith('process.')) return payload['title']
  return named ? textOf(call, named) : known ? word(call.actor.lang, known[0], known[1]) : job.type
}

function toView(parts: ViewParts, call: Call, job: Stored, payload: Record<string, unknown>, lang: Lang): JobView {
  const p = job.progress
  const total = p?.total ?? 0
  const rate = p?.rate && p.rate > 0 && job.state === 'running' ? p.rate : undefined
  const r = isObject(job.result) ? job.result : undefined
  const number = (k: string): number | undefined => (typeof r?.[k] === 'number' ? (r[k] as number) : undefined)
  const list = <T>(k: string): T[] | undefined => (Array.isArray(r?.[k]) ? (r[k] as unknown as T[]) : undefined)
  const result: NonNullable<JobView['result']> = {}
  for (const k of ['ok', 'failed', 'made', 'skipped'] as const) if (number(k) !== undefined) result[k] = number(k)!
  const refused = list<{ reason: string; count: number }>('refused')
  const files = list<{ id: string; name: string; bytes: number }>('files')
  const warned = list<{ reason: string; count: number }>('warned')
  if (refused) result.refused = refused
  if (warned?.length) result.warned = warned
  if (files) result.files = files
  if (typeof r?.['message'] === 'string') result.message = r['message']
  return {
    id: job.id, type: job.type, title: titleOf(parts, call, job, payload), state: STATES[job.state], done: p?.done ?? 0, total,
    ...(rate ? { ratePerSecond: Math.round(rate * 10) / 10 } : {}), ...(rate && total > (p?.done ?? 0) ? { secondsLeft: Math.ceil((total - (p?.done ?? 0)) / rate) } : {}),
    ...(r ? { result } : {}), ...(job.error && job.state === 'failed' ? { problem: { code: job.error.code, message: job.error.person || word(lang, '处理失败，请联系管理员', 'It failed; ask an administrator'), ...(job.error.fix ? { fix: job.error.fix } : {}) } } : {}),
    startedBy: call.actor.name, createdAt: iso(job.createdAt), ...(job.finishedAt === null ? {} : { finishedAt: iso(job.finishedAt) }),
  }
}

async function payloads(parts: ViewParts, ids: string[]): Promise<Map<string, Record<string, unknown>>> {
  const where = parts.core.engine.db.idsIn('id', ids)
  const rows = await parts.core.engine.db.all<{ id: number; payload: string }>(`SELECT id, payload FROM jobs WHERE ${where.sql}`, where.params)
  return new Map(rows.map((r) => [String(r.id), JSON.parse(r.payload) as Record<string, unknown>]))
}

/** A job of this person; those of others do not exist for them. */
async function ownJob(parts: ViewParts, actor: Actor, id: string): Promise<Stored | null> {
  if (!isId(id)) return null
  const job = await parts.jobs.get(id).catch((e: unknown) => { if (isAppError(e, 'NOT_FOUND')) return null; throw e })
  return job?.createdBy === actor.userId ? job : null
}
export async function viewJob(parts: ViewParts, actor: Actor, id: string): Promise<Result<{ job: JobView }>> {
  const job = await ownJob(parts, actor, id)
  return job ? { ok: true, job: toView(parts, parts.core.call(actor), job, (await payloads(parts, [id])).get(id) ?? {}, actor.lang) } : notFound()
}
export async function viewJobs(parts: ViewParts, actor: Actor, query: { page?: number; size?: number }): Promise<{ items: JobView[]; total: number }> {
  const call = parts.core.call(actor)
  const { offset, size } = page(query)
  const { db } = parts.core.engine
  const total = Number((await db.one<{ n: number }>('SELECT COUNT(*) AS n FROM jobs WHERE created_by = ?', [Number(actor.userId)]))?.n ?? 0)
  const ids = (await db.all<{ id: number }>(`SELECT id FROM jobs WHERE created_by = ? ORDER BY created_at DESC, id DESC LIMIT ${size} OFFSET ${offset}`, [Number(actor.userId)])).map((r) => String(r.id))
  const known = await payloads(parts, ids)
  const jobs = await Promise.all(ids.map((id) => parts.jobs.get(id)))
  return { items: jobs.map((j) => toView(parts, call, j, known.get(j.id) ?? {}, actor.lang)), total }
}
export async function cancelJob(parts: ViewParts, actor: Actor, id: string): Promise<Result<object>> {
  if (!(await ownJob(parts, actor, id))) return notFound()
  await parts.jobs.cancel(id)
  return { ok: true }
}
