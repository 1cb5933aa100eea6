import type { SealPort } from '#server/adapters/index.ts'
import type { Operation, OperationContext, OperationInput, OperationOutcome } from '#server/runtime/contracts.ts'

const BATCH = 200
const MAX_PDF = 20 * 1024 * 1024
const failed = (message: string): OperationOutcome => ({ ok: false, error: { code: 'SEAL_FAILED', message } })

async function bytesOf(ctx: OperationContext, id: string): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of await ctx.files.open(id)) {
    bytes += (part as Buffer).length
    if (bytes > MAX_PDF) throw new Error(`the certificate file ${id} is larger than ${MAX_PDF} bytes; lower the pictures of its template`)
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts)
}

/** Puts the electronic seal on one printed certificate; what the service adds is a new file. */
async function sealed(ctx: OperationContext, { key, input }: OperationInput, file: { id: string; name: string }): Promise<OperationOutcome> {
  const answer = await ctx.adapter<SealPort>('seal').seal({ key, name: file.name, read: () => bytesOf(ctx, file.id) })
  if (!answer.ok) return failed(answer.message)
  return { ok: true, output: { file: answer.bytes ? await ctx.files.put(file.name, 'application/pdf', answer.bytes, { entity: 'issuance', record: String(input['issuance']) }) : file.id, error: null } }
}

async function stampBatch(batch: OperationInput[], ctx: OperationContext, settle: (input: OperationInput, outcome: OperationOutcome) => void): Promise<void> {
  const byId = new Map(batch.map((b) => [String(b.input['issuance']), b]))
  await ctx.documents.render('certificate', 'issuance', [...byId.keys()], ctx.programme, async (id, file, problem) => {
    const input = byId.get(id)!
    // a missing seal or photo is for the issuer to mend: the record keeps the reason
    settle(input, file ? await sealed(ctx, input, file) : { ok: true, output: { file: null, error: (problem ?? '证书生成失败').slice(0, 500) } })
  }, (id) => byId.get(id)!.key)
}

/** Prints and seals certificates in batches. Repeating it finds the files that are there already. */
export const stamp: Operation = {
  contract: {
    id: 'issuance/stamp', version: 1, title: { zh: '生成证书并盖章', en: 'Print and seal certificates' },
    input: { type: 'object', properties: { issuance: { type: 'string' }, mode: { type: 'string', enum: ['PAPER', 'ELECTRONIC'] } }, required: ['issuance'], additionalProperties: false },
    output: { type: 'object', properties: { file: { type: ['string', 'null'] }, error: { type: ['string', 'null'] } }, required: ['file', 'error'] },
    set: true, idempotent: 'by-key', reversible: true, timeout: 3_600_000, retries: 3, reads: [],
  },
  async run(inputs, ctx) {
    const out = new Map<OperationInput, OperationOutcome>()
    for (let i = 0; i < inputs.length; i += BATCH) {
      await stampBatch(inputs.slice(i, i + BATCH), ctx, (input, outcome) => out.set(input, outcome))
      await ctx.progress(Math.min(i + BATCH, inputs.length), inputs.length)
    }
    return inputs.map((input) => out.get(input) ?? failed('证书未能生成，请重新发放'))
  },
}
