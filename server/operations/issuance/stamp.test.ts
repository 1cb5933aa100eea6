import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import type { SealPort } from '#server/adapters/index.ts'
import type { OperationContext } from '#server/runtime/contracts.ts'
import { stamp } from './stamp.ts'

interface Put { name: string; body: string; of: unknown }
function context(seal: SealPort['seal'], broken: Record<string, string> = {}): { ctx: OperationContext; batches: string[][]; puts: Put[]; keys: string[] } {
  const batches: string[][] = []
  const puts: Put[] = []
  const keys: string[] = []
  const ctx = {
    programme: 'p', adapter: () => ({ seal }), progress: async () => {},
    files: { open: async (id: string) => Readable.from([Buffer.from(`pdf of ${id}`)]), put: async (name: string, _mime: string, body: Buffer, of: unknown) => { puts.push({ name, body: body.toString(), of }); return `sealed-${name}` } },
    documents: {
      async render(_t: string, _e: string, ids: string[], _p: string, each: (id: string, file: unknown, problem?: string) => Promise<void>, key: (id: string) => string) {
        batches.push(ids)
        // documents do not come back in the order they were asked for
        for (const id of [...ids].reverse()) { keys.push(key(id)); await each(id, broken[id] ? null : { id: `f${id}`, name: `${id}.pdf`, bytes: 3 }, broken[id]) }
      },
    },
  } as unknown as OperationContext
  return { ctx, batches, puts, keys }
}
const inputs = (n: number) => Array.from({ length: n }, (_, i) => ({ key: `k${i}`, input: { issuance: String(i), mode: 'ELECTRONIC' } }))

it('every certificate gets its file, in batches, under the key of its step', async () => {
  const { ctx, batches, keys } = context(async () => ({ ok: true, bytes: null }))
  const out = await stamp.run(inputs(450), ctx)
  expect(out.map((o) => o.ok && o.output)).toEqual(Array.from({ length: 450 }, (_, i) => ({ file: `f${i}`, error: null })))
  expect(batches.map((b) => b.length)).toEqual([200, 200, 50])
  expect([...keys].sort()).toEqual(inputs(450).map((i) => i.key).sort())
})

it('a missing seal is told on the record and the others are issued', async () => {
  const { ctx } = context(async () => ({ ok: true, bytes: null }), { 1: '缺少“培训评价组织签名章”图片，请上传后重试' })
  expect(await stamp.run(inputs(3), ctx)).toEqual([
    { ok: true, output: { file: 'f0', error: null } }, { ok: true, output: { file: null, error: '缺少“培训评价组织签名章”图片，请上传后重试' } }, { ok: true, output: { file: 'f2', error: null } },
  ])
})

it('a seal service that fails leads to the failure of the seal', async () => {
  const { ctx } = context(async () => ({ ok: false, code: 'TIMEOUT', message: '电子签章服务在 30 秒内没有响应，请稍后重试', retry: true }))
  expect(await stamp.run(inputs(1), ctx)).toEqual([{ ok: false, error: { code: 'SEAL_FAILED', message: '电子签章服务在 30 秒内没有响应，请稍后重试' } }])
})

it('what the seal service gives back is kept in place of the print', async () => {
  const { ctx, puts } = context(async ({ key, read }) => ({ ok: true, bytes: Buffer.from(`${key} sealed ${(await read()).toString()}`) }))
  expect(await stamp.run(inputs(1), ctx)).toEqual([{ ok: true, output: { file: 'sealed-0.pdf', error: null } }])
  expect(puts).toEqual([{ name: '0.pdf', body: 'k0 sealed pdf of f0', of: { entity: 'issuance', record: '0' } }])
})
