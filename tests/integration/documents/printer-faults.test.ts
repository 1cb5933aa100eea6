import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { processMark } from '#server/platform/process-mark.ts'
import { createDocuments, type DocumentResult } from '#server/runtime/documents/index.ts'
import { compiled, env, templateOf } from './support.ts'

const page = compiled(templateOf({ filename: '{{id}}', data: { id: { path: 'id' } }, html: '<p>编号{{id}}</p>' }))
const runs = (pid: number): boolean => { try { process.kill(pid, 0); return true } catch { return false } }
const until = async (done: () => boolean | Promise<boolean>): Promise<void> => { while (!await done()) await new Promise((go) => { setTimeout(go, 50) }) }

it('prints with a new browser when the one at work hangs, and does not wait for the hung one at its end', async () => {
  const documents = createDocuments({ timeout: 3_000 })
  const results: DocumentResult[] = []
  const add = (r: DocumentResult): void => { results.push(r) }
  await documents.renderPdfs(page, [{ id: 'a' }], { env, onDocument: add })
  const hung = (await documents.browserPid())!
  process.kill(hung, 'SIGSTOP')
  await documents.renderPdfs(page, [{ id: 'b' }, { id: 'c' }], { env, onDocument: add })
  expect(results.map((r) => (r.ok ? r.name : r.problem.code))).toEqual(['a.pdf', 'b.pdf', 'c.pdf'])
  process.kill((await documents.browserPid())!, 'SIGSTOP')
  await documents.close()
  await until(() => !runs(hung))
}, 60_000)

it('stops at once when nothing can be printed at all, and blames no document for it', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'certflow-broken-'))
  const chromium = join(dir, 'chromium')
  await writeFile(chromium, '#!/bin/sh\nexit 1\n')
  await chmod(chromium, 0o755)
  const broken = createDocuments({ chromiumPath: chromium })
  const results: DocumentResult[] = []
  const printing = broken.renderPdfs(page, Array.from({ length: 250 }, (_, id) => ({ id })), { env, onDocument: (r) => { results.push(r) } })
  await expect(printing).rejects.toMatchObject({ code: 'DOCUMENT_PRINTER_CRASHED', userMessage: 'PDF 打印组件无法启动，请联系管理员' })
  expect(results).toEqual([])
  await broken.close()
  await rm(dir, { recursive: true })
}, 60_000)

it('leaves no browser behind when its process is killed, and the next to print clears away its profile', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', new URL('./print-process.ts', import.meta.url).pathname], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = await new Promise<number>((resolve) => { child.stdout.once('data', (data: Buffer) => resolve(Number(data.toString()))) })
  const profiles = async (): Promise<string[]> => (await readdir(tmpdir())).filter((name) => name.startsWith(`certflow-chromium-${processMark().replace(/\d+$/, `${child.pid!}.`)}`))
  expect(await profiles()).toHaveLength(1)
  const ended = new Promise((done) => { child.once('exit', done) })
  child.kill('SIGKILL')
  await ended
  await until(() => !runs(pid))
  const documents = createDocuments()
  await documents.renderPdfs(page, [{ id: 'a' }], { env, onDocument: () => undefined })
  await documents.close()
  expect(await profiles()).toEqual([])
}, 60_000)
