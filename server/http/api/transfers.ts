import { pipeline } from 'node:stream/promises'
import type { JsonObject } from '#server/runtime/definitions/model.ts'
import { contentDisposition } from '../content-disposition.ts'
import { entityOf, isReply, jobUrl, queryText, type Handler } from './context.ts'
import { readForm } from './multipart.ts'
import { ofRefusal, problem } from './problem.ts'

/** POST /:family/:entity/imports/:id: multipart, one file and `params` as JSON. */
export const importFile: Handler = async (ctx) => {
  const [entity, id] = [entityOf(ctx), String(ctx.req.params.id)]
  const known = await ctx.services.imports.describe(ctx.actor, entity, id)
  if (!known.ok) return ofRefusal(known)
  const form = await readForm(ctx.req, Math.min(ctx.maxFileBytes, known.view.maxBytes || ctx.maxFileBytes), (name, body) => ctx.services.files.put(ctx.actor, { name, entity, purpose: 'import' }, body))
  if (isReply(form)) return form
  let params: unknown
  try { params = JSON.parse(form.fields['params'] ?? '{}') } catch { params = null }
  if (params === null || typeof params !== 'object' || Array.isArray(params)) return problem(400, 'BODY_INVALID', [{ code: 'BODY_INVALID', message: 'params 应为 JSON 对象', path: 'params' }])
  const started = await ctx.services.imports.start(ctx.actor, entity, id, { file: form.file.id, params: params as JsonObject })
  return started.ok ? { status: 202, body: { job: started.job }, headers: { Location: jobUrl(ctx.req, started.job) } } : ofRefusal(started)
}

/** GET /jobs/:id */
export const job: Handler = async (ctx) => {
  const found = await ctx.services.jobs.get(ctx.actor, String(ctx.req.params.id))
  return found.ok ? { status: 200, body: found.job } : ofRefusal(found)
}

/** POST /files?entity=&path=: a file for a field of a record; its id is the field's value. */
export const putFile: Handler = async (ctx) => {
  const entity = queryText(ctx.req, 'entity')
  const path = queryText(ctx.req, 'path')
  if (isReply(entity)) return entity
  if (isReply(path)) return path
  if (!entity || !path) return problem(400, 'QUERY_INVALID', '请给出参数 entity 和 path：文件用于哪一个字段')
  const form = await readForm(ctx.req, ctx.maxFileBytes, (name, body) => ctx.services.files.put(ctx.actor, { name, entity, path, purpose: 'record' }, body))
  return isReply(form) ? form : { status: 201, body: form.file, headers: { Location: `${ctx.req.baseUrl}/files/${form.file.id}` } }
}

/** GET /files/:id, streamed. */
export const getFile: Handler = async (ctx) => {
  const found = await ctx.services.files.get(ctx.actor, String(ctx.req.params.id))
  if (!found.ok) return ofRefusal(found)
  const { file } = found
  const body = await file.open()
  ctx.res.status(200).set({ 'Content-Type': file.mime, 'Content-Length': String(file.bytes), 'Content-Disposition': contentDisposition('attachment', file.name), 'Content-Security-Policy': "default-src 'none'; sandbox" })
  if (ctx.req.method === 'HEAD') { body.destroy(); ctx.res.end() } else await pipeline(body, ctx.res)
  return null
}
