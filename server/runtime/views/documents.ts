import type { ListQuery } from '#server/services.ts'
import { auditEvent } from '#server/runtime/audit/index.ts'
import { renderHtml } from '#server/runtime/documents/index.ts'
import { planPrint, printContexts, renderEnv, startPrint, templateOf } from '#server/runtime/print/index.ts'
import { factsFor, visibleIds } from '#server/runtime/records/index.ts'
import { may } from '#server/runtime/access/index.ts'
import type { Actor, Result } from '../context.ts'
import { chosenIds, unknownIn } from './act-on.ts'
import { entityOf, forbidden, isId, notFound, refused, type ViewParts } from './parts.ts'

export interface DocumentAsk { ids?: string[]; list?: string; query?: ListQuery; format?: 'pdf' | 'xlsx' }

/** Prints what was ticked, else everything that the list's query finds. */
export async function startDocument(parts: ViewParts, actor: Actor, entity: string, id: string, ask: DocumentAsk): Promise<Result<{ job: string }>> {
  const call = parts.core.call(actor)
  const def = entityOf(parts, call, entity)
  const asked = !ask.ids && ask.list !== undefined ? { list: ask.list, query: ask.query ?? {} } : undefined
  const unknown = def && unknownIn(parts, call, def, asked)
  if (unknown) return unknown
  const ids = def ? await chosenIds(parts, call, def, ask.ids ? { ids: ask.ids } : asked ? { query: asked } : { ids: [] }) : null
  if (!def || !ids) return notFound()
  return startPrint({ core: parts.core, files: parts.files, documents: parts.documents, publicUrl: parts.publicUrl, jobs: parts.jobs }, call, def, id, ids, ask.format)
}

/** One record's document as a page. */
export async function previewDocument(parts: ViewParts, actor: Actor, entity: string, id: string, record: string): Promise<Result<{ html: string; file: string }>> {
  const call = parts.core.call(actor)
  const def = entityOf(parts, call, entity)
  const document = def && Object.hasOwn(def.form.documents, id) ? def.form.documents[id] : undefined
  if (!def || !document || !isId(record)) return notFound()
  if (!['read', 'export', `document:${id}`].some((verb) => may(call.programme, def, actor.role, verb))) return forbidden()
  const { engine } = parts.core
  if (!(await visibleIds(call, factsFor(engine, call), def, [record])).has(record)) return notFound()
  const plan = await planPrint(engine, call, def, document, [record])
  if (plan.units.length === 0) return refused('NOTHING_TO_PRINT', '此记录目前没有可预览的材料')
  const contexts = await printContexts(engine, call, plan, plan.units)
  const env = renderEnv({ core: parts.core, files: parts.files, documents: parts.documents, publicUrl: parts.publicUrl }, call)
  const template = templateOf(plan.template)
  const html = await renderHtml(template, contexts, env)
  await engine.audit?.(auditEvent.printed(actor, { entity: def.id, document: id, records: [record], failed: 0 }))
  return { ok: true, html, file: template.fileName(contexts[0] ?? {}, env).text }
}
