import { refusal, type ErrorCode, type ErrorParams } from '#server/platform/errors.ts'
import { verifyPassword } from '#server/platform/crypto.ts'
import type { Random } from '#server/platform/random.ts'
import { actorOf } from './directory.store.ts'
import type { Engine } from '#server/runtime/records/index.ts'
import type { Actor, Lang, Result } from '../context.ts'
import { findCredential, noteFailure, noteSuccess, passwordMatches, setPassword } from './credentials.store.ts'
import { lackOf } from './second-factor.ts'
import { closeSessionsOf, findSession, openSession, renewSession } from './sessions.store.ts'
import { noteAttempt, waitSeconds } from './throttle.store.ts'

const RULE = { what: 'sign-in', windowMs: 15 * 60_000, perKey: 5, perAddress: 60 }
const LOCK_MS = 15 * 60_000
const no = (code: ErrorCode, status: number, params: ErrorParams = {}): Extract<Result<object>, { ok: false }> => ({ ok: false, code, status, problems: [refusal(code, params)] })

export interface SignIn { account: string; password: string; address: string; userAgent?: string; lang?: Lang }

/** The same time and text for an unknown account and a wrong password. */
export async function signIn(engine: Engine, random: Random, programmes: string[], input: SignIn): Promise<Result<{ token: string; csrf: string; mustChangePassword: boolean; actor: Actor }>> {
  const account = input.account.trim().slice(0, 120)
  const wait = await waitSeconds(engine, RULE, account.toLowerCase(), input.address)
  if (wait > 0) return no('THROTTLED', 429, { seconds: wait })
  const credential = await findCredential(engine, { account })
  if (!credential) {
    await verifyPassword(input.password.slice(0, 200), undefined)
    await noteAttempt(engine, RULE.what, account.toLowerCase(), input.address, false)
    return no('CREDENTIALS_WRONG', 401)
  }
  if (credential.lockedUntil !== null && credential.lockedUntil > engine.clock.now()) return no('ACCOUNT_LOCKED', 423, { minutes: Math.ceil((credential.lockedUntil - engine.clock.now()) / 60_000) })
  const ok = await passwordMatches(engine, credential, input.password.slice(0, 200))
  await noteAttempt(engine, RULE.what, account.toLowerCase(), input.address, ok)
  if (!ok) {
    await noteFailure(engine, credential, credential.failed + 1 >= 10 ? engine.clock.now() + LOCK_MS : null)
    return no('CREDENTIALS_WRONG', 401)
  }
  const actor = await firstActor(engine, programmes, credential.user, input.lang ?? 'zh', credential.mustChange)
  if (!actor || credential.disabled || (await isDisabled(engine, actor))) return no('ACCOUNT_DISABLED', 403, { account })
  await noteSuccess(engine, credential)
  const session = await openSession(engine, random, credential.user, { programme: actor.programme, role: actor.role, lang: actor.lang }, input)
  return { ok: true, ...session, mustChangePassword: credential.mustChange, actor }
}

async function firstActor(engine: Engine, programmes: string[], user: string, lang: Lang, mustChangePassword: boolean): Promise<Actor | null> {
  for (const p of programmes) {
    const actor = await actorOf(engine, p, { id: user }, { lang, mustChangePassword })
    if (actor) return actor
  }
  return null
}

/** An account whose own process says so may not sign in. */
export async function isDisabled(engine: Engine, actor: Actor): Promise<boolean> {
  const def = engine.registry.entity(actor.programme, 'core/user')
  const row = await engine.db.one<{ status: string | null }>(`SELECT status FROM ${def.table} WHERE id = ?`, [Number(actor.userId)])
  return row?.status === 'DISABLED'
}

export async function resolveSession(engine: Engine, token: string): Promise<{ actor: Actor; csrf: string } | null> {
  const session = await findSession(engine, token)
  if (!session) return null
  const credential = await findCredential(engine, { user: session.user })
  if (!credential || credential.disabled) return null
  const actor = await actorOf(engine, session.data.programme, { id: session.user }, { lang: session.data.lang, role: session.data.role, mustChangePassword: credential.mustChange })
  if (!actor || (await isDisabled(engine, actor))) return null
  const secondFactor = lackOf(engine, credential, { programme: actor.programme, role: actor.role, secondFactorAt: session.secondFactorAt })
  return { actor: { ...actor, ...(secondFactor ? { secondFactor } : {}) }, csrf: session.csrf }
}

/** At least eight characters of two kinds, and not the old one. */
export function passwordProblem(current: string, next: string, account: string): string | null {
  if (next.length < 8) return '新密码至少 8 位'
  if (next.length > 200) return '新密码最多 200 位'
  if ([/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((k) => k.test(next)).length < 2) return '新密码应包含字母、数字、符号中的至少两种'
  if (next === current) return '新密码不能与原密码相同'
  if (next.toLowerCase().includes(account.toLowerCase())) return '新密码不能包含账号'
  return null
}

const CHANGE = { what: 'password-change', windowMs: 15 * 60_000, perKey: 5, perAddress: 60 }

/** Ends every other session of the person; that of `token` goes on under the new token which is answered. */
export async function changePassword(engine: Engine, random: Random, actor: Actor, input: { current: string; next: string; token?: string }): Promise<Result<{ token?: string; csrf?: string }>> {
  if (actor.secondFactor === 'verify') return { ok: false, code: 'SECOND_FACTOR', status: 403, problems: [{ code: 'SECOND_FACTOR', message: '请先完成两步验证' }] }
  const wait = await waitSeconds(engine, CHANGE, actor.userId, '')
  if (wait > 0) return no('THROTTLED', 429, { seconds: wait })
  const credential = await findCredential(engine, { user: actor.userId })
  const matches = credential !== null && (await passwordMatches(engine, credential, input.current.slice(0, 200)))
  await noteAttempt(engine, CHANGE.what, actor.userId, '', matches)
  if (!matches) return { ok: false, code: 'CREDENTIALS_WRONG', status: 401, problems: [{ code: 'CREDENTIALS_WRONG', message: '原密码不正确', path: 'current' }] }
  const wrong = passwordProblem(input.current, input.next, credential.account)
  if (wrong) return { ok: false, code: 'INPUT_INVALID', status: 422, problems: [{ code: 'PASSWORD', message: wrong, path: 'next' }] }
  return engine.db.tx(async () => {
    await setPassword(engine, actor.userId, credential.account, input.next, false)
    const renewed = input.token ? await renewSession(engine, random, input.token) : null
    await closeSessionsOf(engine, actor.userId, renewed?.token)
    return { ok: true as const, ...renewed }
  })
}
