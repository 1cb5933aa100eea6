import { randomBytes } from 'node:crypto'
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKeyring, generateSecrets, rotateSecrets } from '#server/platform/crypto.ts'
import { createFiles, localBlobs, purgeJob, type Files } from '#server/runtime/files/index.ts'
import { createJobs } from '#server/runtime/jobs/index.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { MONDAY, testParts } from '../support/runtime.ts'

let t: TestDatabase
let files: Files
let root = ''
const { clock, ids, log } = testParts()
const secrets = generateSecrets()
const make = (keys = secrets) => createFiles({ db: t.db, blobs: localBlobs(root), clock, ids, keyring: createKeyring(keys) })
beforeEach(async () => { t = await testDatabase(); root = join(t.dir, 'files'); clock.set(MONDAY); files = make() })
afterEach(() => t.close())

const meta = { kind: 'document', name: '报名表.xlsx', mime: 'application/octet-stream', maxBytes: 1_000_000 }
const on = async (): Promise<string[]> => (await readdir(root, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name))

describe.each([[false], [true]])('a file, encrypted: %s', (encrypt) => {
  it.each([[0], [1], [65_536], [65_537], [400_000]])('of %i bytes comes back as it was put', async (size) => {
    const body = randomBytes(size)
    const { id, bytes } = await files.put(Readable.from([body.subarray(0, size >> 1), body.subarray(size >> 1)]), { ...meta, encrypt })
    expect(bytes).toBe(size)
    expect((await files.read(id, 1_000_000)).equals(body)).toBe(true)
  })
  it('beyond its limit is refused and leaves nothing', async () => {
    const endless = Readable.from((function* () { for (;;) yield Buffer.alloc(64_000) })())
    await expect(files.put(endless, { ...meta, encrypt })).rejects.toMatchObject({ code: 'TOO_LARGE', person: '内容超过上限 977 KB' })
    expect(await on()).toEqual([])
    expect(await t.db.one('SELECT COUNT(*) AS n FROM files')).toEqual({ n: 0 })
  })
  it('that was altered or cut short on the disk is noticed', async () => {
    const { id } = await files.put(randomBytes(200_000), { ...meta, encrypt })
    const [file] = await on()
    const body = await readFile(file!)
    body[150_000]! ^= 1
    await writeFile(file!, body)
    await expect(files.read(id, 1_000_000)).rejects.toMatchObject({ code: 'FILE_DAMAGED' })
    body[150_000]! ^= 1
    await writeFile(file!, body.subarray(0, 65_536 + 20 + 8))
    await expect(files.read(id, 1_000_000)).rejects.toMatchObject({ code: 'FILE_DAMAGED' })
  })
})

it('shows nothing of an encrypted file on the disk, and still opens it after a key rotation', async () => {
  const { id } = await files.put(Buffer.from('张三 37068219900101354X'), { ...meta, encrypt: true })
  expect((await readFile((await on())[0]!)).includes('37068219900101354X')).toBe(false)
  expect((await make(rotateSecrets(secrets)).read(id, 1000)).toString()).toBe('张三 37068219900101354X')
})

it('refuses the bytes of one encrypted file under the name of another', async () => {
  const a = await files.put(Buffer.from('a'), { ...meta, encrypt: true })
  const b = await files.put(Buffer.from('b'), { ...meta, encrypt: true })
  const stored = await on()
  const find = (id: string) => stored.find((f) => f.endsWith(id))!
  await writeFile(find(a.id), await readFile(find(b.id)))
  await expect(files.read(a.id, 10)).rejects.toMatchObject({ code: 'FILE_DAMAGED' })
})

it('stores equal content once and keeps it until the last file that has it is gone', async () => {
  const a = await files.put(Buffer.from('same'), meta)
  const b = await files.put(Buffer.from('same'), { ...meta, name: 'other' })
  expect(await on()).toHaveLength(1)
  const age = async () => { for (const f of await on()) await utimes(f, 1, 1) }
  await files.remove([a.id])
  await age()
  expect(await files.purge()).toBe(1)
  expect((await files.read(b.id, 10)).toString()).toBe('same')
  await files.remove([b.id])
  await age()
  await files.purge()
  expect(await on()).toEqual([])
})

it('expires at its time and is removed by the hourly job', async () => {
  const jobs = createJobs({ db: t.db, ids, log, clock, types: [purgeJob(() => files)] })
  const { id } = await files.put(Buffer.from('x'), { ...meta, encrypt: true, expiresAt: MONDAY + 1_000 })
  clock.advance(999)
  expect((await files.read(id, 10)).toString()).toBe('x')
  clock.advance(1)
  await expect(files.open(id)).rejects.toMatchObject({ code: 'FILE_EXPIRED', status: 410 })
  await jobs.recur()
  expect((await jobs.drain()).done).toBe(1)
  expect(await on()).toEqual([])
  await expect(files.open(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it('removes bytes whose transaction was undone, once they are a day old', async () => {
  await expect(t.db.tx(async () => { await files.put(Buffer.from('lost'), meta); throw new Error('undone') })).rejects.toThrow('undone')
  await files.purge()
  expect(await on()).toHaveLength(1)
  for (const f of await on()) await utimes(f, 1, 1)
  await files.purge()
  expect(await on()).toEqual([])
})

it('belongs to a record once it is attached', async () => {
  const { id } = await files.put(Buffer.from('x'), { ...meta, expiresAt: MONDAY + 1_000 })
  await files.attach(id, { entity: 'e', record: '5', path: 'photo' })
  clock.advance(5_000)
  expect((await files.of('5', 'photo')).map((f) => [f.id, f.expiresAt])).toEqual([[id, null]])
})
