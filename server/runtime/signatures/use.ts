import { auditEvent } from '#server/runtime/audit/index.ts'
import type { Tx } from '#server/data/index.ts'
import type { EntityDef } from '#server/runtime/definitions/index.ts'
import type { Call, Problem } from '../context.ts'
import { revsOf, type SignatureParts } from './begin.ts'
import { findSignature, frozenHash, markUsed, type Signature } from './signatures.store.ts'

export interface Refused { id: string; problems: Problem[] }
export type Used = { ok: true; signature: string; /** records whose outcome may be taken, with the revision that was signed */ ids: string[]; revs: Record<string, number>; refused: Refused[] } | { ok: false; problem: Problem }

const no = (code: string, message: string): Used => ({ ok: false, problem: { code, message } })

/** Takes a drawn signature for its set, once, inside the transaction of the outcome: if that is undone, so is this. */
export async function useSignature(t: Tx, parts: SignatureParts, call: Call, def: EntityDef, code: string, button: string, ids: string[]): Promise<Used> {
  const { engine } = parts.processes
  const found = await findSignature(engine.db, code)
  const wrong = problemOf(found, call, def, button)
  if (wrong || !found) return wrong ?? no('SIGNATURE_REQUIRED', '此操作需要手写签名')
  const signed = new Map(found.frozen.members)
  const now = await revsOf(parts, def, ids)
  const used: Extract<Used, { ok: true }> = { ok: true, signature: found.id, ids: [], revs: {}, refused: [] }
  for (const id of new Set(ids)) {
    const rev = signed.get(id)
    if (rev === undefined) used.refused.push({ id, problems: [{ code: 'NOT_SIGNED', message: '该记录不在本次签名范围内，请重新签名' }] })
    else if (now.get(id) !== rev) used.refused.push({ id, problems: [{ code: 'CONFLICT', message: '已被他人处理' }] })
    else { used.ids.push(id); used.revs[id] = rev }
  }
  if (used.ids.length === 0) return used
  if (!(await markUsed(engine.db, found.id, call.now))) return no('SIGNATURE_USED', '该签名已使用或已过期，请重新签名')
  await parts.audit?.write(t, auditEvent.signatureUsed(call.actor, { entity: def.id, signature: found.id, button, count: used.ids.length, hash: found.hash }))
  return used
}

function problemOf(s: Signature | null, call: Call, def: EntityDef, button: string): Used | null {
  if (!s || s.user !== call.actor.userId || s.entity !== def.id || s.button !== button || s.frozen.programme !== call.programme.id || s.frozen.role !== call.actor.role) return no('SIGNATURE_REQUIRED', '签名与当前操作不符，请重新签名')
  if (frozenHash(JSON.stringify(s.frozen)) !== s.hash) return no('SIGNATURE_BROKEN', '签名数据已被改动，不能使用，请重新签名并告知管理员')
  if (s.usedAt !== null || s.expiresAt <= call.now) return no('SIGNATURE_USED', '该签名已使用或已过期，请重新签名')
  return s.drawnAt === null ? no('SIGNATURE_MISSING', '尚未完成手写签名，请扫码签名后继续') : null
}
