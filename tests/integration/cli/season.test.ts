import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { main } from '#server/cli/main.ts'

const dir = await mkdtemp(join(tmpdir(), 'certflow-season-'))
afterAll(() => rm(dir, { recursive: true, force: true }))

it('a season leads from the spreadsheets of a school to a certificate that anybody can verify, masked', async () => {
  const out: string[] = []

  const code = await main(['demo', 'run', '--tickets', '5', '--var', dir, '--json'], { out: (line) => out.push(line), err: () => undefined, lang: 'zh', cwd: process.cwd(), env: { PATH: process.env.PATH } })

  const told = JSON.parse(out.join('\n')) as { ok: boolean; answer: string; steps: { title: string; ok: boolean; count: number; problem?: string }[] }
  expect(told.steps.filter((s) => !s.ok)).toEqual([])
  expect(told).toMatchObject({ ok: true })
  expect(code).toBe(0)
  // 300 rows of which 7 are bad, 3 bad photos, 5 bad registrations
  expect(told.steps.find((s) => s.title === '报考数据')?.count).toBe(285)
  expect(told.answer).toMatch(/考生姓名 \p{Script=Han}\*+ .*证书编码 \d{26}/u)
  expect(await readdir(join(dir, 'demo-season'))).toEqual(expect.arrayContaining(['准考证.zip', '职业技能等级证书.zip']))
}, 240_000)

it('makes up as many people as it is asked for, and keeps the files it made', async () => {
  const [folder, kept] = [join(dir, 'small'), join(dir, 'kept')]
  const code = await main(['demo', 'run', '--candidates', '25', '--photos', '20', '--tickets', '2', '--var', folder, '--save-files', kept, '--json'], { out: () => undefined, err: () => undefined, lang: 'zh', cwd: process.cwd(), env: { PATH: process.env.PATH } })

  expect(code).toBe(0)
  expect((await readdir(kept)).sort()).toEqual(['files.json', '实操成绩.xlsx', '报考数据.xlsx', '理论成绩.xlsx', '考场信息.xlsx', '考生信息.xlsx', '考生照片.zip'].sort())
}, 240_000)
