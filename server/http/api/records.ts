import type { JsonObject } from '#server/runtime/definitions/model.ts'
import { changed, maskedAgain } from './changed.ts'
import { entityOf, isReply, queryText, recordUrl, type ApiContext, type Handler } from './context.ts'
import { etagOf, givenRev, missing, stale } from './etag.ts'
import { onceOnly } from './idempotency.ts'
import { ofProblems, ofRefusal, problem, type Reply } from './problem.ts'

/** The record as it is now, or just its identity when the person may no longer see it. */
export async function answer(ctx: ApiContext, entity: string, id: string, status: number, rev: number): Promise<Reply> {
  const found = await ctx.services.api.read(ctx.actor, entity, id)
  const record = found.ok ? found.record : { id, rev }
  return { status, body: record, headers: { ETag: etagOf(record.rev), ...(status === 201 ? { Location: recordUrl(ctx.req, entity, id) } : {}) } }
}

/** GET /:family/:entity/:id */
export const get: Handler = async (ctx) => {
  const found = await ctx.services.api.read(ctx.actor, entityOf(ctx), String(ctx.req.params.id))
  return found.ok ? { status: 200, body: found.record, headers: { ETag: etagOf(found.record.rev) } } : ofRefusal(found)
}

const conflict = (problems: { code: string }[]): boolean => problems.some((p) => p.code === 'CONFLICT')

/** POST /:family/:entity?then=submit&comment= */
export const create: Handler = async (ctx) => {
  const then = queryText(ctx.req, 'then')
  const comment = queryText(ctx.req, 'comment')
  if (isReply(then)) return then
  if (isReply(comment)) return comment
  const given = await ctx.readBody(ctx.req, ctx.res)
  if (isReply(given)) return given
  const entity = entityOf(ctx)
  return onceOnly(ctx, null, given.body, async () => {
    const saved = await ctx.services.save(ctx.actor, { entity, data: given.body as JsonObject, ...(then ? { then } : {}), ...(comment ? { comment } : {}) })
    return saved.ok ? answer(ctx, entity, saved.id, 201, saved.rev) : ofRefusal(saved)
  })
}

/** PATCH /:family/:entity/:id with If-Match; RFC 7396, and what is sent back as it was read changes nothing. */
export const patch: Handler = async (ctx) => {
  const rev = givenRev(ctx.req)
  if (isReply(rev)) return rev
  const then = queryText(ctx.req, 'then')
  const comment = queryText(ctx.req, 'comment')
  if (isReply(then)) return then
  if (isReply(comment)) return comment
  const [entity, id] = [entityOf(ctx), String(ctx.req.params.id)]
  const found = await ctx.services.api.read(ctx.actor, entity, id)
  if (!found.ok) return ofRefusal(found)
  if (rev === null) return missing()
  if (rev !== found.record.rev) return stale(found.record.rev)
  const given = await ctx.readBody(ctx.req, ctx.res)
  if (isReply(given)) return given
  const data = changed(given.body, found.record)
  const again = maskedAgain(data, found.record, found.masked)
  if (again.length > 0) return problem(422, 'MASKED', again.map((path) => ({ code: 'MASKED', message: '此处是脱敏后的值，不能写回；请填写完整的值', path })))
  if (Object.keys(data).length === 0 && !then) return { status: 200, body: found.record, headers: { ETag: etagOf(rev) } }
  const saved = await ctx.services.save(ctx.actor, { entity, id, rev, data: data as JsonObject, ...(then ? { then } : {}), ...(comment ? { comment } : {}) })
  if (saved.ok) return answer(ctx, entity, id, 200, saved.rev)
  if (saved.code !== 'CONFLICT' && !conflict(saved.problems)) return ofRefusal(saved)
  const now = await ctx.services.api.read(ctx.actor, entity, id)
  return now.ok ? stale(now.record.rev) : ofRefusal(now)
}

/** DELETE /:family/:entity/:id; with If-Match only that revision. */
export const remove: Handler = async (ctx) => {
  const rev = givenRev(ctx.req)
  if (isReply(rev)) return rev
  const [entity, id] = [entityOf(ctx), String(ctx.req.params.id)]
  const found = await ctx.services.api.read(ctx.actor, entity, id)
  if (!found.ok) return ofRefusal(found)
  if (rev !== null && rev !== found.record.rev) return stale(found.record.rev)
  const removed = await ctx.services.remove(ctx.actor, entity, [id])
  if (!removed.ok) return ofRefusal(removed)
  return removed.refused[0] ? ofProblems(removed.refused[0].problems) : { status: 204 }
}
