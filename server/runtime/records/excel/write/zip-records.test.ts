import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readDirectory } from '../../archive/zip-directory.ts'
import { directoryEnd, directoryEntry, entryHead, entryTail } from './zip-records.ts'
import type { ZipEntry } from './zip-records.ts'

const GIB = 1024 ** 3
const entry = (name: string, size: number): ZipEntry => ({ name: Buffer.from(name), at: 0, crc: 0x1234_5678, size, packed: 20, time: Date.UTC(2026, 2, 1, 10, 30, 20) })

it('tells the sizes of entries beyond 4 GiB as of small ones', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'zip-'))
  try {
    const directory = [entry('大.xml', 5 * GIB), entry('small.xml', 100)].map(directoryEntry)
    const length = directory.reduce((sum, b) => sum + b.length, 0)
    const bytes = Buffer.concat([Buffer.alloc(40), ...directory, directoryEnd(2, 40, length)])
    await writeFile(join(dir, 'a.zip'), bytes)
    const file = await open(join(dir, 'a.zip'))

    const read = await readDirectory(file, bytes.length, { maxEntries: 10, subject: '文件' })

    await file.close()
    expect(read.map((e) => [e.name, e.size, e.compressed, e.offset, e.crc, e.method])).toEqual([['大.xml', 5 * GIB, 20, 0, 0x1234_5678, 8], ['small.xml', 100, 20, 0, 0x1234_5678, 8]])
  } finally { await rm(dir, { recursive: true }) }
})

it('stamps entries with their time in UTC, and with 1980 what is older than the format', () => {
  const stamp = (time: number): number[] => [entryHead({ ...entry('a', 1), time }).readUInt16LE(10), entryHead({ ...entry('a', 1), time }).readUInt16LE(12)]
  // hours << 11 | minutes << 5 | seconds / 2, and years since 1980 << 9 | month << 5 | day
  expect(stamp(Date.UTC(2026, 2, 1, 10, 30, 20))).toEqual([0b01010_011110_01010, 0b0101110_0011_00001])
  expect(stamp(0)).toEqual([0, 0b0000000_0001_00001])
})

it('writes sizes of eight bytes behind an entry that needs them, else of four', () => {
  expect([entryTail(entry('a', 100)).length, entryTail(entry('a', 5 * GIB)).length]).toEqual([16, 24])
})
