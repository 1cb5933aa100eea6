import { rm } from 'node:fs/promises'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { imports } from '../rounds/kinds/import.ts'
import { openSite, type Site } from '../rounds/site.ts'
import { until } from '../rounds/wait.ts'
import { seededRandom } from '#server/platform/random.ts'
import { prepareRedis, workFolder, type Server } from './servers.ts'

let server: Server
let site: Site
let dir: string
beforeAll(async () => {
  server = await prepareRedis()
  await server.start()
  dir = await workFolder()
  site = await openSite({ dir, queueUrl: server.url, parts: ['web', 'worker'] })
}, 300_000)
afterAll(async () => {
  await site.close()
  await server.stop()
  await rm(dir, { recursive: true })
}, 60_000)

/** All that Redis is asked for meanwhile, by anybody. */
async function listen(during: () => Promise<void>): Promise<string[]> {
  const redis = new Redis(server.url)
  const monitor = await redis.monitor()
  const heard: string[] = []
  monitor.on('monitor', (_time: string, args: string[]) => { heard.push(args.join(' ').replaceAll('\\', '')) })
  try { await during() } finally { monitor.disconnect(); redis.disconnect() }
  return heard
}
const importOf = async (round: number): Promise<void> => {
  const work = await imports.begin(site, round, seededRandom(round))
  await work.done
  expect(await work.check()).toEqual([])
}
const newest = async (): Promise<string> => String((await site.house.db.one<{ id: number | string }>(`SELECT MAX(id) AS id FROM jobs WHERE type = 'transfer.import'`))!.id)
const said = (text: string): number => site.fleet.log().split(text).length - 1

it('calls the worker through the queue by the id of the job, and nothing stays there', async () => {
  const heard = await listen(() => importOf(1))
  const id = await newest()

  expect(heard.filter((line) => line.includes(`{"id":"${id}"}`)).length).toBeGreaterThan(0)
  const redis = new Redis(server.url)
  try {
    await until(async () => await redis.llen('certflow:jobs:wait') + await redis.llen('certflow:jobs:active') === 0, 10_000, 'the queue to become empty')
    expect(heard.some((line) => line.toLowerCase().startsWith('bzpopmin certflow:jobs'))).toBe(true)
    expect(await redis.keys('certflow:jobs:[0-9]*')).toEqual([])
  } finally { redis.disconnect() }
})

it('works from the table while the queue is away, says so once, and calls again when it is back', async () => {
  const [lost, found] = [said('the queue does not answer'), said('the queue answers again')]
  await server.kill()
  await importOf(2)
  await until(() => said('the queue does not answer') >= lost + 2, 30_000, 'web and worker to tell that the queue is away')
  await server.start()
  await until(() => said('the queue answers again') >= found + 2, 30_000, 'web and worker to tell that the queue is back')
  expect(said('the queue does not answer')).toBe(lost + 2)

  const heard = await listen(() => importOf(3))
  const id = await newest()
  expect(heard.filter((line) => line.includes(`{"id":"${id}"}`)).length).toBeGreaterThan(0)
}, 300_000)
