import { refusal } from '#server/platform/errors.ts'
import { hashToken } from '#server/platform/crypto.ts'
import type { Random } from '#server/platform/random.ts'
import { forceOf, type Engine } from '#server/runtime/records/index.ts'
import type { Actor, Result } from '../context.ts'
import { findCredential, type Credential } from './credentials.store.ts'
import { markSecondFactor, readFactor, writeFactor, type SecondFactor } from './second-factor.store.ts'
import { closeSessionsOf, renewSession } from './sessions.store.ts'
import { noteAttempt, waitSeconds } from './throttle.store.ts'
import { fromBase32, matchingStep, otpAuthUri, toBase32 } from './totp.ts'

const POLICY = 'secondFactor'
const RULE = { what: 'second-factor', windowMs: 15 * 60_000, perKey: 5, perAddress: 60 }
const CODES = 10
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
export interface FactorInput { token: string; code: string; address: string }
type No = Extract<Result<object>, { ok: false }>

const no = (code: string, message: string, status: number): No => ({ ok: false, code, status, problems: [{ code, message, path: 'code' }] })
const wrong = (): No => no('CODE_WRONG', '验证码不正确或已使用，请输入验证器上的最新 6 位数字', 401)
const plain = (code: string): string => code.toLowerCase().replace(/[^a-z0-9]/g, '').slice(0, 40)

/** The role asks for a second factor and the programme's policy of that name is in force. */
export function needsSecondFactor(engine: Engine, programmeId: string, role: string): boolean {
  const programme = engine.registry.programme(programmeId)
  return programme.roles[role]?.secondFactor === true && Object.hasOwn(programme.policies, POLICY) && forceOf(programme, POLICY, engine.clock.now()) === 'block'
}
/** What a session lacks: whoever has enrolled is asked each time, whoever must enrol does so first. */
export function lackOf(engine: Engine, credential: Credential, session: { programme: string; role: string; secondFactorAt: number | null }): Actor['secondFactor'] {
  if (readFactor(engine, credential)?.confirmed) return session.secondFactorAt === null ? 'verify' : undefined
  return needsSecondFactor(engine, session.programme, session.role) ? 'enrol' : undefined
}

export async function secondFactorState(engine: Engine, actor: Actor): Promise<{ enrolled: boolean; required: boolean; codesLeft: number }> {
  const credential = await findCredential(engine, { user: actor.userId })
  const factor = credential && readFactor(engine, credential)
  return { enrolled: factor?.confirmed ?? false, required: needsSecondFactor(engine, actor.programme, actor.role), codesLeft: factor?.confirmed ? factor.codes.length : 0 }
}

/** A secret for the authenticator; asked again before it is confirmed it is the same one. */
export async function beginSecondFactor(engine: Engine, random: Random, actor: Actor, issuer: string): Promise<Result<{ secret: string; uri: string }>> {
  const credential = await findCredential(engine, { user: actor.userId })
  if (!credential) return no('NOT_FOUND', '没有此账号', 404)
  const known = readFactor(engine, credential)
  if (known?.confirmed) return no('CONFLICT', '已启用两步验证', 409)
  const secret = known?.secret ?? toBase32(random.bytes(20))
  if (!known && !(await writeFactor(engine, credential, { secret, confirmed: false, last: 0, codes: [] }))) return beginSecondFactor(engine, random, actor, issuer)
  return { ok: true, secret, uri: otpAuthUri(issuer, credential.account, secret) }
}

/** Turns it on with a first code. The recovery codes are answered once; the person's other sessions end. */
export async function confirmSecondFactor(engine: Engine, random: Random, actor: Actor, input: FactorInput): Promise<Result<{ token: string; codes: string[] }>> {
  const codes = Array.from({ length: CODES }, () => Array.from({ length: 10 }, () => LETTERS[random.int(0, LETTERS.length)]!).join(''))
  return attempt(engine, actor, input, async (credential, factor) => {
    const step = factor.confirmed ? null : matchingStep(fromBase32(factor.secret), input.code.trim(), engine.clock.now(), factor.last)
    if (step === null || !(await writeFactor(engine, credential, { ...factor, confirmed: true, last: step, codes: codes.map(hashToken) }))) return null
    const token = await passed(engine, random, input.token)
    if (token === null) return null
    await closeSessionsOf(engine, actor.userId, token)
    return { token, codes: codes.map((c) => `${c.slice(0, 5)}-${c.slice(5)}`) }
  })
}

/** Opens a session that lacks the code, by the authenticator or by one of the recovery codes, each good once. The session goes on under the new token. */
export const verifySecondFactor = (engine: Engine, random: Random, actor: Actor, input: FactorInput): Promise<Result<{ token: string; codesLeft: number }>> =>
  attempt(engine, actor, input, async (credential, factor) => {
    const next = used(engine, factor, input.code)
    const token = next && (await writeFactor(engine, credential, next)) ? await passed(engine, random, input.token) : null
    return next && token !== null ? { token, codesLeft: next.codes.length } : null
  })

/** Turns it off with a code, unless the role must have it. */
export async function removeSecondFactor(engine: Engine, actor: Actor, input: Omit<FactorInput, 'token'>): Promise<Result<object>> {
  if (needsSecondFactor(engine, actor.programme, actor.role)) return no('FORBIDDEN', '您的角色必须使用两步验证，不能停用', 403)
  return attempt(engine, actor, { ...input, token: '' }, async (credential, factor) => (used(engine, factor, input.code) && (await writeFactor(engine, credential, null)) ? {} : null))
}
/** For an administrator on the machine, when authenticator and recovery codes are lost; all sessions of the person end. False = there was none. */
export const resetSecondFactor = (engine: Engine, user: string): Promise<boolean> => engine.db.tx(async () => {
  const credential = await findCredential(engine, { user })
  if (!credential || credential.secondFactor === null) return false
  await closeSessionsOf(engine, user)
  return writeFactor(engine, credential, null)
})

function used(engine: Engine, factor: SecondFactor, code: string): SecondFactor | null {
  if (!factor.confirmed) return null
  const step = matchingStep(fromBase32(factor.secret), code.trim(), engine.clock.now(), factor.last)
  if (step !== null) return { ...factor, last: step }
  const hash = hashToken(plain(code))
  return factor.codes.includes(hash) ? { ...factor, codes: factor.codes.filter((c) => c !== hash) } : null
}
async function passed(engine: Engine, random: Random, token: string): Promise<string | null> {
  const renewed = await renewSession(engine, random, token)
  if (renewed) await markSecondFactor(engine, renewed.token)
  return renewed?.token ?? null
}

async function attempt<T extends object>(engine: Engine, actor: Actor, input: FactorInput, run: (credential: Credential, factor: SecondFactor) => Promise<T | null>): Promise<Result<T>> {
  const wait = await waitSeconds(engine, RULE, actor.userId, input.address)
  if (wait > 0) return { ok: false, code: 'THROTTLED', status: 429, problems: [refusal('THROTTLED', { seconds: wait })] }
  const done = await engine.db.tx(async () => {
    const credential = await findCredential(engine, { user: actor.userId })
    const factor = credential && readFactor(engine, credential)
    const value = credential && factor ? await run(credential, factor) : null
    await noteAttempt(engine, RULE.what, actor.userId, input.address, value !== null)
    return value
  })
  return done ? { ok: true, ...done } : wrong()
}
