import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { crc32, deflateRawSync } from 'node:zlib'
import { ZipFile } from 'yazl'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readArchive } from './read-archive.ts'
import type { ArchiveItem, ArchiveOptions } from './read-archive.ts'
import { safeEntryName, writeArchive } from './write-archive.ts'

const AT = Date.UTC(2026, 2, 1, 9)
let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'archive-')) })
afterAll(() => rm(folder, { recursive: true }))

/** A ZIP put together by hand: raw name bytes, optional lies about the size. */
const rawZip = (files: { name: Buffer; data: Buffer; flags?: number; size?: number; crc?: number }[]): Buffer => {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const file of files) {
    const packed = deflateRawSync(file.data)
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    head.writeUInt16LE(8, 8)
    head.writeUInt16LE(file.name.length, 26)
    const row = Buffer.alloc(46)
    row.writeUInt32LE(0x02014b50, 0)
    row.writeUInt16LE(file.flags ?? 0, 8)
    row.writeUInt16LE(8, 10)
    row.writeUInt32LE(file.crc ?? crc32(file.data), 16)
    row.writeUInt32LE(packed.length, 20)
    row.writeUInt32LE(file.size ?? file.data.length, 24)
    row.writeUInt16LE(file.name.length, 28)
    row.writeUInt32LE(offset, 42)
    locals.push(head, file.name, packed)
    central.push(row, file.name)
    offset += 30 + file.name.length + packed.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}
const save = async (name: string, bytes: Buffer): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}
const list = async (path: string, options?: ArchiveOptions): Promise<ArchiveItem[]> => {
  const items: ArchiveItem[] = []
  for await (const item of readArchive(path, options)) items.push(item)
  return items
}
const bytes = (text: string): Buffer => Buffer.from(text)

describe('reading a package', () => {
  it('reads GBK names as Chinese Windows writes them', async () => {
    const zhang = Buffer.from([0xd5, 0xc5, 0xc8, 0xfd, 0x2e, 0x6a, 0x70, 0x67])
    const path = await save('gbk.zip', rawZip([{ name: zhang, data: bytes('x') }]))
    expect((await list(path)).map((item) => item.name)).toEqual(['张三.jpg'])
  })

  it('reads UTF-8 names with and without the flag', async () => {
    const path = await save('utf8.zip', rawZip([{ name: bytes('李四.jpg'), data: bytes('x'), flags: 0x800 }, { name: bytes('王五.png'), data: bytes('y') }]))
    expect((await list(path)).map((item) => item.name)).toEqual(['李四.jpg', '王五.png'])
  })

  it('flattens folders, passes over leftovers and never leads out of a folder', async () => {
    const names = ['照片/一班/a.jpg', '__MACOSX/照片/._a.jpg', '照片/.DS_Store', '../../../etc/b.jpg', '/c.jpg', '..\\..\\d.jpg', '空/', 'Thumbs.db']
    const path = await save('nested.zip', rawZip(names.map((name) => ({ name: bytes(name), data: bytes(name) }))))
    expect((await list(path)).map((item) => item.name)).toEqual(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'])
  })

  it('names the second of two files with one base name and goes on', async () => {
    const path = await save('twice.zip', rawZip(['一班/a.jpg', '二班/a.jpg', 'b.jpg'].map((name) => ({ name: bytes(name), data: bytes('x') }))))
    expect((await list(path)).map((item) => item.problem?.code)).toEqual([undefined, 'duplicate', undefined])
  })

  it('marks a file above the size limit and still reads the others', async () => {
    const path = await save('large.zip', rawZip([{ name: bytes('big.jpg'), data: Buffer.alloc(2000, 1) }, { name: bytes('ok.jpg'), data: bytes('fine') }]))
    const read: string[] = []
    for await (const item of readArchive(path, { maxEntryBytes: 1000 })) read.push(item.problem ? item.problem.code : (await item.read()).toString())
    expect(read).toEqual(['too-large', 'fine'])
  })

  it('refuses what is not a ZIP, is empty, has too many files, is too large', async () => {
    const two = rawZip([{ name: bytes('a'), data: bytes('a') }, { name: bytes('b'), data: bytes('b') }])
    await expect(list(await save('text.zip', bytes('hello, world')))).rejects.toMatchObject({ code: 'not-zip', person: '这不是压缩包，请检查上传的文件。' })
    await expect(list(await save('empty.zip', Buffer.alloc(0)))).rejects.toMatchObject({ code: 'empty-file' })
    await expect(list(await save('many.zip', two), { maxEntries: 1 })).rejects.toMatchObject({ code: 'too-many-entries', person: '压缩包里有 2 个文件，超过上限 1 个，请分批上传。' })
    await expect(list(await save('fat.zip', two), { maxFileBytes: 100 })).rejects.toMatchObject({ code: 'file-too-large' })
    await expect(list(await save('cut.zip', two.subarray(0, two.length - 30)))).rejects.toMatchObject({ code: 'corrupt' })
  })

  it('stops at a bomb, whether it tells its size or lies about it', async () => {
    const zeros = Buffer.alloc(30 * 1024 * 1024)
    const honest = await save('bomb.zip', rawZip([{ name: bytes('a.jpg'), data: zeros }]))
    const liar = await save('liar.zip', rawZip([{ name: bytes('a.jpg'), data: zeros, size: 10 }]))
    const drain = async (path: string): Promise<void> => { for await (const item of readArchive(path, { maxEntryBytes: 1e9 })) await item.read() }
    await expect(drain(honest)).rejects.toMatchObject({ code: 'zip-bomb' })
    await expect(drain(liar)).rejects.toMatchObject({ code: 'corrupt' })
  })

  it('reads packages written in the zip64 format', async () => {
    const path = join(folder, 'zip64.zip')
    const zip = new ZipFile()
    zip.addBuffer(bytes('wide'), '甲.txt', { forceZip64Format: true })
    zip.end({ forceZip64Format: true, comment: '' })
    await pipeline(zip.outputStream, createWriteStream(path))
    for await (const item of readArchive(path)) expect([item.name, item.bytes, (await item.read()).toString()]).toEqual(['甲.txt', 4, 'wide'])
    expect(await list(path)).toHaveLength(1)
  })

  it('notices content that does not match its checksum', async () => {
    const path = await save('crc.zip', rawZip([{ name: bytes('a.jpg'), data: bytes('abc'), crc: 1 }]))
    await expect((async () => { for await (const item of readArchive(path)) await item.read() })()).rejects.toMatchObject({ code: 'corrupt' })
  })
})

describe('writing a package', () => {
  it('writes buffers and streams that read back with their names', async () => {
    const path = join(folder, 'out.zip')
    const source = await save('source.txt', bytes('from a file'))
    const count = await writeArchive(path, [{ name: '证书/张三.pdf', source: bytes('pdf'), stored: true }, { name: 'b.txt', source }], AT)
    const read: string[] = []
    for await (const item of readArchive(path)) read.push(`${item.entryPath}=${(await item.read()).toString()}`)
    expect([count, ...read]).toEqual([2, '证书/张三.pdf=pdf', 'b.txt=from a file'])
  })

  it('makes the same bytes from the same content and time', async () => {
    const make = async (name: string): Promise<Buffer> => {
      await writeArchive(join(folder, name), [{ name: 'a.txt', source: bytes('a') }], AT)
      return readFile(join(folder, name))
    }
    expect(await make('one.zip')).toEqual(await make('two.zip'))
  })

  it('fails with the reason when a source cannot be read', async () => {
    await expect(writeArchive(join(folder, 'bad.zip'), [{ name: 'a', source: join(folder, 'missing') }], AT)).rejects.toThrow(/ENOENT/)
  })

  it('cleans names that would lead an unpacker astray', () => {
    expect(safeEntryName('../../etc/passwd')).toBe('etc/passwd')
    expect(safeEntryName('/张三:准考证?.pdf')).toBe('张三_准考证_.pdf')
    expect(safeEntryName('..')).toBe('_')
  })
})
