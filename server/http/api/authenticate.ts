import { createHash } from 'node:crypto'
import type { Request } from 'express'
import type { Actor, ApiScope, ApiServices, Services } from '#server/services.ts'
import { sameSecret } from '../same-secret.ts'
import { sessionOf } from '../session.ts'
import { problem, type Reply } from './problem.ts'
import type { RateLimit } from './rate-limit.ts'

export type ServicesWithApi = Services & { api: ApiServices }
export interface Caller { actor: Actor; scope: ApiScope }
export interface Limits {
  /** requests per token or session */
  requests: RateLimit
  /** failed attempts per address */
  failures: RateLimit
  /** hashes of tokens that were good: wrong guesses by a neighbour behind the same address do not lock them out */
  good: Set<string>
}
const MOST_GOOD = 5_000

const READS = new Set(['GET', 'HEAD', 'OPTIONS'])
const slowDown = (seconds: number): Reply => problem(429, 'THROTTLED', `操作过于频繁，请在 ${seconds} 秒后再试`, {}, { 'Retry-After': String(seconds) })
const unknown = (error: string): Reply => problem(401, 'UNAUTHENTICATED', '令牌无效、已过期或已撤销', {}, { 'WWW-Authenticate': `Bearer realm="certflow", error="${error}"` })

async function byToken(services: ServicesWithApi, req: Request, header: string, limits: Limits): Promise<Caller | Reply> {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]{1,200})$/i.exec(header)?.[1]
  const address = req.ip ?? ''
  const key = `token ${createHash('sha256').update(token ?? '').digest('base64url')}`
  const failed = limits.good.has(key) ? 0 : limits.failures.peek(address)
  if (failed > 0) return slowDown(failed)
  if (!token) { limits.failures.hit(address); return unknown('invalid_request') }
  // counted before it is looked up: a flood costs no queries
  const wait = limits.requests.hit(key)
  if (wait > 0) return slowDown(wait)
  const found = await services.api.tokens.resolve(token)
  if (!found) {
    limits.good.delete(key)
    limits.failures.hit(address)
    return unknown('invalid_token')
  }
  if (limits.good.size >= MOST_GOOD) limits.good.clear()
  limits.good.add(key)
  if (found.scope === 'read' && !READS.has(req.method)) return problem(403, 'SCOPE_INSUFFICIENT', '此令牌只能读取数据', {}, { 'WWW-Authenticate': 'Bearer realm="certflow", error="insufficient_scope", scope="write"' })
  return { actor: found.actor, scope: found.scope }
}

async function bySession(services: ServicesWithApi, req: Request, limits: Limits): Promise<Caller | Reply> {
  const session = await sessionOf(services, req)()
  if (!session) return problem(401, 'UNAUTHENTICATED', '请先登录，或在 Authorization 中给出令牌', {}, { 'WWW-Authenticate': 'Bearer realm="certflow"' })
  const wait = limits.requests.hit(`user ${session.actor.userId}`)
  if (wait > 0) return slowDown(wait)
  if (!READS.has(req.method) && !sameSecret(req.get('x-csrf'), session.csrf)) return problem(403, 'CSRF_FAILED', '页面已过期，请刷新后重新提交')
  return { actor: session.actor, scope: 'write' }
}

/** Who asks, by token or by the browser's session; else the refusal. A token in the request always decides: no falling back to a cookie. */
export async function authenticate(services: ServicesWithApi, req: Request, limits: Limits): Promise<Caller | Reply> {
  const header = req.get('authorization')
  const found = header === undefined ? await bySession(services, req, limits) : await byToken(services, req, header, limits)
  if ('actor' in found && found.actor.mustChangePassword) return problem(403, 'PASSWORD_CHANGE_REQUIRED', '请先登录网页修改初始密码')
  if ('actor' in found && found.actor.secondFactor) return problem(403, 'SECOND_FACTOR_REQUIRED', '请先在网页上完成两步验证')
  return found
}
