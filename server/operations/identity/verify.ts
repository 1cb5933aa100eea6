import type { IdentityPort } from '#server/adapters/index.ts'
import type { Operation, OperationContext, OperationInput, OperationOutcome } from '#server/runtime/contracts.ts'
import { isAppError } from '#server/platform/errors.ts'

const AT_ONCE = 8
const MAX_PHOTO = 5 * 1024 * 1024
const TOO_LARGE: OperationOutcome = { ok: false, error: { code: 'PHOTO_TOO_LARGE', message: '照片超过 5 MB，请重新上传' } }

/** null = larger than any photo may be. */
async function photoOf(ctx: OperationContext, id: string): Promise<Buffer | null> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of await ctx.files.open(id)) {
    bytes += (part as Buffer).length
    if (bytes > MAX_PHOTO) return null
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts)
}

async function verifyOne({ key, input }: OperationInput, ctx: OperationContext): Promise<OperationOutcome> {
  try {
    const photo = await photoOf(ctx, String(input['photo']))
    if (!photo) return TOO_LARGE
    const answer = await ctx.adapter<IdentityPort>('identity').verify({ key, name: String(input['name']), idNo: String(input['idNo']), photo })
    if (answer.ok) return { ok: true, output: { match: answer.match } }
    return { ok: false, error: { code: answer.retry ? 'IDENTITY_UNAVAILABLE' : 'IDENTITY_REFUSED', message: answer.message } }
  } catch (error) {
    if (isAppError(error)) return { ok: false, error: { code: error.code, message: error.person } }
    throw error
  }
}

/** Compares persons with the register, several at once; one that cannot be asked does not keep the others from their answer. */
export const verify: Operation = {
  contract: {
    id: 'identity/verify', version: 1, title: { zh: '身份核验', en: 'Verify identity' },
    input: { type: 'object', properties: { name: { type: 'string' }, idNo: { type: 'string' }, photo: { type: 'string' } }, required: ['name', 'idNo', 'photo'], additionalProperties: false },
    output: { type: 'object', properties: { match: { type: 'boolean' } }, required: ['match'] },
    set: true, idempotent: 'by-key', reversible: true, timeout: 1_800_000, retries: 3, reads: [],
  },
  async run(inputs, ctx) {
    const out = new Array<OperationOutcome>(inputs.length)
    let next = 0
    let done = 0
    const worker = async (): Promise<void> => {
      for (let i = next++; i < inputs.length; i = next++) {
        out[i] = await verifyOne(inputs[i]!, ctx)
        if (++done % 50 === 0 || done === inputs.length) await ctx.progress(done, inputs.length)
      }
    }
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, inputs.length) }, worker))
    return out
  },
}
