import type { Random } from '#server/platform/random.ts'
import type { Engine } from '#server/runtime/records/index.ts'
import type { Actor, Problem, Result } from '../context.ts'
import { countLiveApiTokens, insertApiToken, useApiToken } from './api-tokens.store.ts'
import { findCredential } from './credentials.store.ts'
import { actorOf } from './directory.store.ts'
import { isDisabled } from './sign-in.ts'

const DAY = 86_400_000
const LONGEST_DAYS = 366
const MOST = 20

/** A token for a program that works as this person: in the programme and role in use, for `days` days. */
export async function createApiToken(engine: Engine, random: Random, actor: Actor, input: { title: string; scope: 'read' | 'write'; days: number }): Promise<Result<{ id: string; token: string; expiresAt: string }>> {
  const title = input.title.trim()
  const problems: Problem[] = []
  if (title === '' || title.length > 100) problems.push({ code: 'REQUIRED', message: '请填写令牌用途，最多 100 个字', path: 'title' })
  if (input.scope !== 'read' && input.scope !== 'write') problems.push({ code: 'SCHEMA_enum', message: '权限范围应为 read 或 write', path: 'scope' })
  if (!Number.isInteger(input.days) || input.days < 1 || input.days > LONGEST_DAYS) problems.push({ code: 'SCHEMA_maximum', message: `有效期应为 1 至 ${LONGEST_DAYS} 天`, path: 'days' })
  if (problems.length === 0 && (await countLiveApiTokens(engine, actor.userId)) >= MOST) problems.push({ code: 'LIMIT', message: `有效令牌最多 ${MOST} 个，请先撤销不用的令牌` })
  if (problems.length > 0) return { ok: false, code: 'INPUT_INVALID', status: 422, problems }
  const expiresAt = engine.clock.now() + input.days * DAY
  const made = await insertApiToken(engine, random, { user: actor.userId, programme: actor.programme, role: actor.role, scope: input.scope, title, expiresAt })
  return { ok: true, ...made, expiresAt: new Date(expiresAt).toISOString() }
}

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
