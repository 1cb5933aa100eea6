import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import type { IdentityPort } from '#server/adapters/index.ts'
import { AppError } from '#server/platform/errors.ts'
import type { OperationContext } from '#server/runtime/contracts.ts'
import { verify } from './verify.ts'

function context(check: IdentityPort['verify'], files: Record<string, Buffer>): { ctx: OperationContext; progress: number[][] } {
  const progress: number[][] = []
  const ctx = {
    adapter: () => ({ verify: check }), progress: async (done: number, total: number) => { progress.push([done, total]) },
    files: { open: async (id: string) => { if (!files[id]) throw new AppError('NOT_FOUND', { what: '文件', id }); return Readable.from([files[id]]) } },
  } as unknown as OperationContext
  return { ctx, progress }
}
const input = (n: number, photo = 'p') => ({ key: `k${n}`, input: { name: `n${n}`, idNo: `${n}`, photo } })

it('each person gets the own answer, and one that cannot be asked keeps nobody else from it', async () => {
  const { ctx, progress } = context(async ({ idNo, photo, key }) => {
    if (idNo === '2') return { ok: false, code: 'TIMEOUT', message: '身份核验服务在 10 秒内没有响应，请稍后重试', retry: true }
    if (idNo === '3') return { ok: false, code: 'HTTP_401', message: '身份核验服务拒绝了请求', retry: false }
    return { ok: true, match: idNo === '1' && photo.equals(Buffer.from('face')) && key === 'k1' }
  }, { p: Buffer.from('face'), big: Buffer.alloc(5 * 1024 * 1024 + 1) })

  const out = await verify.run([input(1), input(2), input(3), input(4), input(5, 'gone'), input(6, 'big')], ctx)

  expect(out).toEqual([
    { ok: true, output: { match: true } },
    { ok: false, error: { code: 'IDENTITY_UNAVAILABLE', message: '身份核验服务在 10 秒内没有响应，请稍后重试' } },
    { ok: false, error: { code: 'IDENTITY_REFUSED', message: '身份核验服务拒绝了请求' } },
    { ok: true, output: { match: false } },
    { ok: false, error: { code: 'NOT_FOUND', message: '未找到文件，可能已被删除或您无权查看' } },
    { ok: false, error: { code: 'PHOTO_TOO_LARGE', message: '照片超过 5 MB，请重新上传' } },
  ])
  expect(progress.at(-1)).toEqual([6, 6])
})

it('asks for several persons at once, never for more than eight', async () => {
  let open = 0
  let most = 0
  const { ctx } = context(async () => { most = Math.max(most, ++open); await new Promise((done) => { setTimeout(done, 2) }); open--; return { ok: true, match: true } }, { p: Buffer.from('face') })
  await verify.run(Array.from({ length: 40 }, (_, i) => input(i)), ctx)
  expect(most).toBe(8)
})
