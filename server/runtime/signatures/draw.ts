import { refusal } from '#server/platform/errors.ts'
import { auditEvent } from '#server/runtime/audit/index.ts'
import type { Call, Result } from '../context.ts'
import { unknownCode, type SignatureParts } from './begin.ts'
import { MAX_DRAWING, readDrawing } from './read-drawing.ts'
import { findSignature, markDrawn } from './signatures.store.ts'
import { isOver, shown, type SignatureShown } from './view.ts'

const over = (): Extract<Result<object>, { ok: false }> => ({ ok: false, code: 'SIGNATURE_EXPIRED', status: 410, problems: [{ code: 'SIGNATURE_EXPIRED', message: '签名链接已过期，请在电脑上重新发起签名' }] })

/** For whoever has the code: what is to be signed. */
export async function show(parts: SignatureParts, code: string, now: number): Promise<Result<{ signature: SignatureShown }>> {
  const found = await findSignature(parts.processes.engine.db, code)
  return found ? { ok: true, signature: shown(found, code, now, parts.publicUrl) } : unknownCode()
}
/** For the person who began it. */
export async function state(parts: SignatureParts, call: Call, code: string): Promise<Result<{ signature: SignatureShown }>> {
  const found = await findSignature(parts.processes.engine.db, code)
  return found?.user === call.actor.userId ? { ok: true, signature: shown(found, code, call.now, parts.publicUrl) } : unknownCode()
}

/** Keeps the drawing, once. */
export async function draw(parts: SignatureParts, code: string, png: Buffer, address: string, now: number): Promise<Result<object>> {
  const { engine } = parts.processes
  const found = await findSignature(engine.db, code)
  if (!found) return unknownCode()
  if (isOver(found, now)) return over()
  if (found.drawnAt !== null) return { ok: false, code: 'CONFLICT', status: 409, problems: [{ code: 'CONFLICT', message: '已完成签名，请回到电脑上继续' }] }
  const drawing = await readDrawing(png)
  if (!drawing.ok) return { ok: false, code: 'INPUT_INVALID', status: 422, problems: [{ code: 'INPUT_INVALID', message: drawing.message }] }
  const file = await parts.files.put(drawing.png, { kind: 'signature', name: 'signature.png', mime: 'image/png', maxBytes: MAX_DRAWING * 4, encrypt: true, createdBy: found.user, path: `signature/${found.id}` })
  const kept = await engine.db.tx(async (t) => {
    if (!(await markDrawn(engine.db, found.id, file.id, now))) return false
    await parts.audit?.write(t, auditEvent.signatureDrawn(found, address))
    return true
  })
  if (kept) return { ok: true }
  await parts.files.remove([file.id])
  return { ok: false, code: 'CONFLICT', status: 409, problems: [refusal('CONFLICT', { what: '签名' })] }
}
