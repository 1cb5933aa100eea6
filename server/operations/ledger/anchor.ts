import type { LedgerPort } from '#server/adapters/index.ts'
import type { Operation, OperationContext, OperationOutcome } from '#server/runtime/contracts.ts'
import { ANCHORED, digestOf } from './rules/digest.ts'

const no = (code: string, message: string): OperationOutcome => ({ ok: false, error: { code, message } })

async function factsOf(ctx: OperationContext, entity: string, record: string): Promise<Record<string, unknown> | null> {
  const columns = ANCHORED[entity]!
  for await (const rows of ctx.query<Record<string, unknown>>({ entity, where: 'item.id = params.record', params: { record }, columns }))
    for (const row of rows) return Object.fromEntries(Object.keys(columns).map((c) => [c, row[c] ?? null]))
  return null
}

/** Anchors the digest of a record's public facts. The key is the record and its digest: a repeat answers what stands in the ledger. */
export const anchor: Operation = {
  contract: {
    id: 'ledger/anchor', version: 1, title: { zh: '上链', en: 'Anchor in the ledger' },
    input: { type: 'object', properties: { record: { type: 'string' }, entity: { type: 'string' } }, required: ['record'], additionalProperties: false },
    output: { type: 'object', properties: { blockHeight: { type: 'integer' }, blockHash: { type: 'string' }, txHash: { type: 'string' } }, required: ['blockHeight', 'blockHash', 'txHash'] },
    set: false, idempotent: 'by-key', reversible: false, timeout: 60_000, retries: 3, reads: [],
  },
  async run([first], ctx) {
    const { record, entity } = first!.input
    const name = String(entity ?? 'certificate').split('/').at(-1)!
    if (!Object.hasOwn(ANCHORED, name)) return [no('NOT_ANCHORED', `“${name}”没有可上链的内容，请检查定义`)]
    const facts = await factsOf(ctx, name, String(record))
    if (!facts) return [no('NOT_FOUND', '记录不存在，可能已被删除')]
    const digest = digestOf(name, facts)
    const answer = await ctx.adapter<LedgerPort>('ledger').anchor({ key: `${name}/${String(record)}/${digest.slice(0, 16)}`, digest })
    if (!answer.ok) return [no(answer.retry ? 'LEDGER_UNAVAILABLE' : 'LEDGER_REFUSED', answer.message)]
    return [{ ok: true, output: { blockHeight: answer.blockHeight, blockHash: answer.blockHash, txHash: answer.txHash } }]
  },
}
