import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { imports } from '../rounds/kinds/import.ts'
import { openSite, type Site } from '../rounds/site.ts'
import { pause, until } from '../rounds/wait.ts'
import { seededRandom } from '#server/platform/random.ts'
import { administer, schemaFor, startMariaDb, workFolder, type Server } from './servers.ts'

let server: Server
let site: Site
let dir: string
beforeAll(async () => {
  server = await startMariaDb()
  dir = await workFolder()
  site = await openSite({ dir, databaseUrl: await schemaFor(server, 'app'), parts: ['web', 'worker'] })
}, 300_000)
afterAll(async () => {
  await site.close()
  await server.stop()
  await rm(dir, { recursive: true })
}, 60_000)

const get = async (path: string): Promise<{ status: number; text: string }> => {
  const answer = await fetch(`${site.fleet.webs()[0]!}${path}`, { redirect: 'manual' })
  return { status: answer.status, text: await answer.text() }
}
const pids = (): (number | undefined)[] => site.fleet.members.map((m) => m.child?.pid)
const running = (): Promise<number> => site.count(`SELECT COUNT(*) AS n FROM jobs WHERE type = 'transfer.import' AND state = 'running'`)

it('goes on where it stood when the database server dies in the middle of an import and comes back', async () => {
  const before = pids()
  const work = await imports.begin(site, 1, seededRandom(1))
  await until(async () => await running() === 1, 60_000, 'the import to begin')
  await pause(300)
  await server.kill()
  expect((await get('/healthz')).status).toBe(503)
  const page = await get('/login')
  expect(page.status).toBeLessThan(504)
  await pause(3_000)
  await server.start()

  await work.done
  expect(await work.check()).toEqual([])
  expect(pids()).toEqual(before)
  expect((await get('/healthz')).status).toBe(200)
}, 300_000)

it('can be read and says so while the database takes no writes, and does what was queued afterwards', async () => {
  const before = pids()
  const work = await imports.begin(site, 2, seededRandom(2))
  await until(async () => await running() === 1, 60_000, 'the import to begin')
  await administer(server, 'SET GLOBAL read_only = 1')
  const page = await get('/login')
  expect(page.status).toBe(200)
  await pause(3_000)
  await administer(server, 'SET GLOBAL read_only = 0')

  await work.done
  expect(await work.check()).toEqual([])
  expect(pids()).toEqual(before)
}, 300_000)
