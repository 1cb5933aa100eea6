import { refusal } from '#server/platform/errors.ts'
import type { Random } from '#server/platform/random.ts'
import { auditEvent, type Audit } from '#server/runtime/audit/index.ts'
import type { EntityDef } from '#server/runtime/definitions/index.ts'
import type { Files } from '#server/runtime/files/index.ts'
import { offersFor, type ProcessRuntime } from '#server/runtime/process/index.ts'
import { factsFor, visibleIds } from '#server/runtime/records/index.ts'
import type { Call, Problem, Result } from '../context.ts'
import { insertSignature, type Frozen } from './signatures.store.ts'
import { shown, type SignatureShown } from './view.ts'

export interface SignatureParts { processes: ProcessRuntime; files: Files; random: Random; publicUrl: string; audit?: Audit }
const VALID_MS = 10 * 60_000

/** Freezes the records that the person may sign now, with their revisions, and issues a code that is good once and for ten minutes. */
export async function begin(parts: SignatureParts, call: Call, def: EntityDef, button: string, ids: string[]): Promise<Result<{ signature: SignatureShown }>> {
  const { engine } = parts.processes
  const wanted = [...new Set(ids)]
  const loader = factsFor(engine, call)
  const visible = await visibleIds(call, loader, def, wanted)
  const offers = await offersFor(parts.processes, call, loader, def, wanted.filter((id) => visible.has(id)))
  const problems = new Map<string, Problem>()
  const open = [...offers].flatMap(([id, list]) => {
    const offer = list.find((o) => o.id === button && o.kind === 'outcome' && o.signature)
    for (const message of offer?.reasons ?? []) problems.set(message, { code: 'RULE', message })
    return offer && offer.reasons.length === 0 ? [{ id, title: offer.title }] : []
  })
  if (open.length === 0) return { ok: false, code: 'NOT_AVAILABLE', status: 409, problems: problems.size ? [...problems.values()] : [{ code: 'NOT_AVAILABLE', message: '所选记录目前没有可签名的操作，可能已被他人处理，请刷新后再试' }] }
  const revs = await revsOf(parts, def, open.map((o) => o.id))
  const frozen: Frozen = { programme: call.programme.id, role: call.actor.role, button, title: `${def.title.zh}：${open[0]!.title}`, members: open.map((o) => [o.id, revs.get(o.id)!]) }
  const code = parts.random.token(24)
  const id = engine.ids.next()
  const expiresAt = call.now + VALID_MS
  await engine.db.tx(async (t) => {
    const hash = await insertSignature(engine.db, { id, user: call.actor.userId, entity: def.id, frozen, code, now: call.now, expiresAt })
    await parts.audit?.write(t, auditEvent.signatureBegun(call.actor, { entity: def.id, signature: id, button, count: open.length, hash }))
  })
  return { ok: true, signature: shown({ id, user: call.actor.userId, entity: def.id, button, frozen, hash: '', expiresAt, file: null, drawnAt: null, usedAt: null }, code, call.now, parts.publicUrl) }
}

export async function revsOf(parts: Pick<SignatureParts, 'processes'>, def: EntityDef, ids: string[]): Promise<Map<string, number>> {
  const where = parts.processes.engine.db.idsIn('id', ids)
  return new Map((await parts.processes.engine.db.all<{ id: number; rev: number }>(`SELECT id, rev FROM ${def.table} WHERE ${where.sql}`, where.params)).map((r) => [String(r.id), Number(r.rev)]))
}

export const unknownCode = (): Extract<Result<object>, { ok: false }> => ({ ok: false, code: 'NOT_FOUND', status: 404, problems: [refusal('NOT_FOUND', { what: '签名链接' }, { fix: '请在电脑上重新发起签名' })] })
