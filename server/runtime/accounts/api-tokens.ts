import type { Random } from '#server/platform/random.ts'
import { auditEvent } from '#server/runtime/audit/index.ts'
import type { Engine } from '#server/runtime/records/index.ts'
import type { Actor, Problem, Result } from '../context.ts'
import { countLiveApiTokens, insertApiToken, revokeApiToken as revoke, useApiToken } from './api-tokens.store.ts'
import { findCredential } from './credentials.store.ts'
import { actorOf } from './directory.store.ts'
import { isDisabled } from './sign-in.ts'
import { noteAttempt, waitSeconds } from './throttle.store.ts'

const DAY = 86_400_000
const LONGEST_DAYS = 366
const MOST = 20
/** made by one person in an hour: more is a program gone wrong or somebody filling the table */
const MAKING = { what: 'api-token', windowMs: 3_600_000, perKey: 30, perAddress: 1_000_000 }

/** A token for a program that works as this person: in the programme and role in use, for `days` days. */
export async function createApiToken(engine: Engine, random: Random, actor: Actor, input: { title: string; scope: 'read' | 'write'; days: number }): Promise<Result<{ id: string; token: string; expiresAt: string }>> {
  const title = input.title.trim()
  const problems: Problem[] = []
  if (title === '' || title.length > 100) problems.push({ code: 'REQUIRED', message: '请填写令牌用途，最多 100 个字', path: 'title' })
  if (input.scope !== 'read' && input.scope !== 'write') problems.push({ code: 'SCHEMA_enum', message: '权限范围应为 read 或 write', path: 'scope' })
  if (!Number.isInteger(input.days) || input.days < 1 || input.days > LONGEST_DAYS) problems.push({ code: 'SCHEMA_maximum', message: `有效期应为 1 至 ${LONGEST_DAYS} 天`, path: 'days' })
  if (problems.length === 0 && (await countLiveApiTokens(engine, actor.userId)) >= MOST) problems.push({ code: 'LIMIT', message: `有效令牌最多 ${MOST} 个，请先撤销不用的令牌` })
  if (problems.length > 0) return { ok: false, code: 'INPUT_INVALID', status: 422, problems }
  const wait = await waitSeconds(engine, MAKING, actor.userId, '')
  if (wait > 0) return { ok: false, code: 'THROTTLED', status: 429, problems: [{ code: 'THROTTLED', message: `新建令牌过于频繁，请在 ${wait} 秒后再试` }] }
  const expiresAt = engine.clock.now() + input.days * DAY
  const made = await engine.db.tx(async () => {
    const fresh = await insertApiToken(engine, random, { user: actor.userId, programme: actor.programme, role: actor.role, scope: input.scope, title, expiresAt })
    await noteAttempt(engine, MAKING.what, actor.userId, '', false)
    await engine.audit?.(auditEvent.tokenMade(actor, { token: fresh.id, scope: input.scope, expiresAt: new Date(expiresAt).toISOString() }))
    return fresh
  })
  return { ok: true, ...made, expiresAt: new Date(expiresAt).toISOString() }
}

/** False = the person has no such token that is still good. */
export const revokeApiToken = (engine: Engine, actor: Actor, id: string): Promise<boolean> => engine.db.tx(async () => {
  const done = await revoke(engine, actor.userId, id)
  if (done) await engine.audit?.(auditEvent.tokenRevoked(actor, { token: id }))
  return done
})

/** Who a token works for; null when it or its owner's account may no longer be used, or the owner has lost the role. */
export async function resolveApiToken(engine: Engine, token: string): Promise<{ id: string; actor: Actor; scope: 'read' | 'write' } | null> {
  const found = await useApiToken(engine, token)
  if (!found) return null
  const credential = await findCredential(engine, { user: found.user })
  if (!credential || credential.disabled) return null
  const actor = await actorOf(engine, found.programme, { id: found.user }, { role: found.role, mustChangePassword: credential.mustChange })
  if (!actor || actor.role !== found.role || (await isDisabled(engine, actor))) return null
  return { id: found.id, actor, scope: found.scope }
}
