import type { ActInput } from '#server/services.ts'
import { entityOf, isReply, jobUrl, type ApiContext, type Handler } from './context.ts'
import { etagOf, givenRev, stale } from './etag.ts'
import { onceOnly } from './idempotency.ts'
import { ofProblems, ofRefusal, problem, type Reply } from './problem.ts'

const MOST = 5_000
const isObject = (v: unknown): v is NonNullable<ActInput['input']> => v !== null && typeof v === 'object' && !Array.isArray(v)
type Pressed = { input?: ActInput['input']; comment?: string; signature?: string; ids?: string[] }

/** {input, comment, signature} and, for sets, {ids}. */
function readPress(body: Record<string, unknown>, sets: boolean): Pressed | Reply {
  const wrong = (path: string, message: string): Reply => problem(400, 'BODY_INVALID', [{ code: 'BODY_INVALID', message, path }])
  const known = ['input', 'comment', 'signature', ...(sets ? ['ids'] : [])]
  for (const key of Object.keys(body)) if (!known.includes(key)) return wrong(key, `没有“${key}”；可用：${known.join('、')}`)
  const { input, comment, signature, ids } = body
  if (input !== undefined && !isObject(input)) return wrong('input', 'input 应为 JSON 对象')
  if (comment !== undefined && (typeof comment !== 'string' || comment.length > 4_000)) return wrong('comment', 'comment 应为文字，最多 4000 字')
  if (signature !== undefined && (typeof signature !== 'string' || signature.length > 200)) return wrong('signature', 'signature 应为签名码')
  if (ids !== undefined && (!Array.isArray(ids) || ids.length > MOST || !ids.every((id) => typeof id === 'string' && /^[1-9]\d{0,15}$/.test(id)))) return wrong('ids', `ids 应为记录编号的数组，最多 ${MOST} 个`)
  return { ...(input ? { input } : {}), ...(comment ? { comment } : {}), ...(signature ? { signature } : {}), ...(ids ? { ids: ids as string[] } : {}) }
}

async function pressed(ctx: ApiContext, entity: string, input: ActInput, headers: () => Promise<Record<string, string>>): Promise<Reply> {
  const done = await ctx.services.act(ctx.actor, entity, input)
  if (!done.ok) return ofRefusal(done)
  const { refused } = done
  if (done.done === 0 && refused.length > 0 && !done.job) return ofProblems(refused[0]!.problems, refused.length > 1 ? { refused } : {})
  const body = { done: done.done, refused, ...(done.made === undefined ? {} : { made: done.made }), ...(done.job ? { job: done.job } : {}), ...(done.secret ? { secret: done.secret } : {}) }
  return { status: done.job ? 202 : 200, body, headers: { ...(done.job ? { Location: jobUrl(ctx.req, done.job) } : {}), ...(await headers()) } }
}

/** POST /:family/:entity/:id/:button, with If-Match only on that revision. */
export const press: Handler = async (ctx) => {
  const rev = givenRev(ctx.req)
  if (isReply(rev)) return rev
  const [entity, id, button] = [entityOf(ctx), String(ctx.req.params.id), String(ctx.req.params.button)]
  const given = await ctx.readBody(ctx.req, ctx.res, true)
  if (isReply(given)) return given
  const input = readPress(given.body, false)
  if (isReply(input)) return input
  return onceOnly(ctx, button, input, async () => {
    const found = await ctx.services.api.read(ctx.actor, entity, id)
    if (!found.ok) return ofRefusal(found)
    if (rev !== null && rev !== found.record.rev) return stale(found.record.rev)
    return pressed(ctx, entity, { button, ids: [id], ...input, ...(rev !== null ? { revs: { [id]: rev } } : {}) }, async (): Promise<Record<string, string>> => {
      const now = await ctx.services.api.read(ctx.actor, entity, id)
      return now.ok ? { ETag: etagOf(now.record.rev) } : {}
    })
  })
}

/** POST /:family/:entity/actions/:button: an action without a record, or a button on a set of records. */
export const pressSet: Handler = async (ctx) => {
  const given = await ctx.readBody(ctx.req, ctx.res, true)
  if (isReply(given)) return given
  const input = readPress(given.body, true)
  if (isReply(input)) return input
  const button = String(ctx.req.params.button)
  return onceOnly(ctx, button, input, () => pressed(ctx, entityOf(ctx), { button, ...input }, async () => ({})))
}
