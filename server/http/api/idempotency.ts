import { createHash } from 'node:crypto'
import { entityOf, type ApiContext } from './context.ts'
import { problem, type Reply } from './problem.ts'

const HEADER = 'idempotency-key'

/** A request that names a key (Idempotency-Key) is worked once, however often it is sent; the others as they come. `button`: what is pressed, null = a new record. */
export async function onceOnly(ctx: ApiContext, button: string | null, body: unknown, run: () => Promise<Reply>): Promise<Reply> {
  const { req, actor, services } = ctx
  const header = req.get(HEADER)
  if (header === undefined) return run()
  const key = /^"?([\x21\x23-\x7e]{1,100})"?$/.exec(header.trim())?.[1]
  if (key === undefined) return problem(400, 'IDEMPOTENCY_KEY_INVALID', 'Idempotency-Key 应为 1–100 个可见 ASCII 字符，建议使用 UUID')
  const request = createHash('sha256').update(JSON.stringify([req.method, req.originalUrl, req.get('if-match') ?? '', body])).digest('hex')
  const answer = await services.api.once(actor, { entity: entityOf(ctx), button, key, request }, run)
  if (answer.kind === 'other') return problem(422, 'IDEMPOTENCY_KEY_REUSED', '此 Idempotency-Key 已用于另一请求，请换一个')
  if (answer.kind === 'unknown') return problem(409, 'IDEMPOTENCY_UNKNOWN', '相同的请求正在处理，或上次处理中断；请查看记录的状态，需要时换一个 Idempotency-Key 再提交', {}, { 'Retry-After': '2' })
  const { reply, again } = answer
  return again ? { ...reply, headers: { ...reply.headers, 'Idempotency-Replayed': 'true' } } : reply
}
