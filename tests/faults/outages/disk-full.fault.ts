import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seededRandom } from '#server/platform/random.ts'
import { imports } from '../rounds/kinds/import.ts'
import { openSite, type Site } from '../rounds/site.ts'
import { pause } from '../rounds/wait.ts'
import { workFolder } from './servers.ts'

let dir: string
let disk: string
let site: Site
/** A small disk of its own can only be made as root. */
const mounted = (): boolean => {
  if (process.getuid?.() !== 0) return false
  try { execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', disk], { stdio: 'ignore' }); return true }
  catch { return false } // a container without the right to mount
}
let small = false
beforeAll(async () => {
  dir = await workFolder()
  disk = join(dir, 'disk')
  mkdirSync(disk)
  small = mounted()
  if (small) site = await openSite({ dir, varDir: join(disk, 'var'), parts: ['serve'] })
}, 300_000)
afterAll(async () => {
  if (small) { await site.close(); execFileSync('umount', ['-l', disk]) }
  await rm(dir, { recursive: true })
}, 60_000)

/** Leaves so many bytes. */
const fill = (left: number): void => {
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(join(disk, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - left)))
}
const status = async (path: string): Promise<number> => (await fetch(`${site.fleet.webs()[0]!}${path}`, { redirect: 'manual' })).status

it('keeps answering while the disk is full, and goes on by itself when there is room again', async (test) => {
  if (!small) test.skip('needs root and the right to mount a small disk')
  const before = site.fleet.members.map((m) => m.child?.pid)
  fill(0)
  // the upload is refused until there is room: whoever sends it asks again
  const work = await imports.begin(site, 1, seededRandom(1))
  await pause(6_000)
  expect(await status('/login')).toBe(200)
  expect([200, 503]).toContain(await status('/healthz'))
  rmSync(join(disk, 'ballast'))

  await work.done
  expect(site.fleet.log()).toMatch(/no space is left|ENOSPC|disk is full/)
  expect(await work.check()).toEqual([])
  expect(site.fleet.members.map((m) => m.child?.pid)).toEqual(before)
}, 300_000)
