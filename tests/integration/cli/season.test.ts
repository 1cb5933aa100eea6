import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { main } from '#server/cli/main.ts'

const dir = await mkdtemp(join(tmpdir(), 'certflow-season-'))
afterAll(() => rm(dir, { recursive: true, force: true }))

it('a season leads from the application plan to a certificate that anybody can verify, masked', async () => {
  const out: string[] = []

  const code = await main(['demo', 'run', '--candidates', '50', '--tickets', '5', '--var', dir, '--json'], { out: (line) => out.push(line), err: () => undefined, lang: 'zh', cwd: process.cwd(), env: { PATH: process.env.PATH } })

  const told = JSON.parse(out.join('\n')) as { ok: boolean; answer: string; steps: { title: string; ok: boolean; count: number; problem?: string }[] }
  expect(told.steps.filter((s) => !s.ok)).toEqual([])
  expect(told).toMatchObject({ ok: true })
  expect(code).toBe(0)
  // 50 people, 4 bad rows, 2 bad photos, 3 bad registrations
  expect(told.steps.find((s) => s.title === '报考数据')?.count).toBe(41)
  expect(told.answer).toMatch(/考生姓名 \p{Script=Han}\*+ .*证书编码 \d{26}/u)
  expect(await readdir(join(dir, 'demo-season'))).toEqual(expect.arrayContaining(['考生信息.xlsx', '考生照片.zip', '准考证.zip', '职业技能等级证书.zip']))
}, 240_000)
