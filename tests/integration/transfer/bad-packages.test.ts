import { writeFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { drawFace } from '#server/cli/demo/generator/index.ts'
import { transfers, type Transfers } from './support.ts'

let x: Transfers
beforeAll(async () => { x = await transfers() })
afterAll(() => x.t.close())

interface Entry { name: string | Buffer; data: Buffer; encrypted?: boolean; mode?: number; crc?: number }
const SYMLINK = 0o120777

/** A stored ZIP as no packer would write it: any name bytes, modes, flags and checksums. */
const rawZip = (entries: Entry[]): Buffer => {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name: given, data, encrypted = false, mode = 0o100644, crc = crc32(data) } of entries) {
    const name = Buffer.from(given)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE((encrypted ? 1 : 0) | (Buffer.isBuffer(given) ? 0 : 0x800), 2)
    common.writeUInt32LE(crc, 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(data.length, 18)
    common.writeUInt16LE(name.length, 22)
    const more = Buffer.alloc(14)
    more.writeUInt32LE((mode << 16) >>> 0, 6)
    more.writeUInt32LE(at, 10)
    files.push(Buffer.from('PK\u0003\u0004'), common, name, data)
    directory.push(Buffer.from('PK\u0001\u0002'), Buffer.from([0x14, 0x03]), common, more, name)
    at += 30 + name.length + data.length
  }
  const table = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(table.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...files, table, Buffer.from('PK\u0005\u0006'), end])
}
const save = async (name: string, bytes: Buffer | string): Promise<string> => { await writeFile(x.file(name), bytes); return x.file(name) }

it('keeps every good photo of a package full of mistakes, names each of the others, and does the same again without harm', async () => {
  const people = x.people(20)
  await x.store(people)
  const id = (n: number): string => people[n]!.idNo
  const face = await drawFace(1)
  const gbkFolder = Buffer.from([0xd5, 0xd5, 0xc6, 0xac, 0x2f])
  const gif = Buffer.from('47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b', 'hex')
  const bomb = await sharp({ create: { width: 9000, height: 9000, channels: 3, background: '#d9001b' } }).png({ compressionLevel: 9 }).toBuffer()
  const path = await save('everything.zip', rawZip([
    { name: `../../etc/${id(0)}.jpg`, data: face },
    { name: `一班/二组/${id(1)}.png`, data: await drawFace(2, { format: 'png' }) },
    { name: `__MACOSX/._${id(1)}.png`, data: Buffer.from('x') }, { name: '.DS_Store', data: Buffer.from('x') }, { name: '一班/', data: Buffer.alloc(0) },
    { name: Buffer.concat([gbkFolder, Buffer.from(`${id(2)}.JPG`)]), data: face },
    { name: `C:\\照片\\${id(3)}.jpg`, data: face },
    { name: `${id(4)}.jpg`, data: await sharp(face).toColourspace('cmyk').jpeg().toBuffer() },
    { name: `${id(5)}.jpg`, data: await sharp(await sharp(face).rotate(90).jpeg().toBuffer()).withMetadata({ orientation: 8 }).jpeg().toBuffer() },
    // from here on the seventh file that counts
    { name: `${id(6)}.jpg`, data: Buffer.from('../../../etc/passwd'), mode: SYMLINK },
    { name: `${id(7)}.jpg`, data: face, encrypted: true },
    { name: `${id(8)}.jpg`, data: Buffer.alloc(0) },
    { name: `${id(9)}.jpg`, data: face.subarray(0, face.length / 2) },
    { name: `${id(10)}.jpg`, data: gif },
    { name: `${id(11)}.png`, data: bomb },
    { name: `${id(12)}.jpg`, data: await drawFace(3, { width: 300, height: 400 }) },
    { name: `again/${id(0)}.jpg`, data: face },
    { name: '张三.jpg', data: face },
    { name: `${id(13)}.jpeg`, data: face },
    { name: `${id(14)}.jpg`, data: face, crc: 1 },
    { name: `${id(15)}.jpg`, data: await drawFace(4, { format: 'png' }) },
    { name: `${id(16)}.jpg.exe`, data: face },
    { name: `${id(17)}.jpg`, data: Buffer.concat([face, Buffer.alloc(6_000_000)]) },
  ]))
  const reasons = {
    7: '文件不是 JPG 或 PNG 图片，请检查后重新上传。', 8: `文件“${id(7)}.jpg”设置了密码，请取消密码后重新打包。`, 9: '文件是空的（0 字节），请重新导出后上传。', 10: '图片已损坏，无法打开，请重新导出后上传。',
    11: '文件不是 JPG 或 PNG 图片，请检查后重新上传。', 12: '图片的像素过多，请缩小后重新上传。', 13: '图片为 300×400 像素，应为 295×413 像素，请调整后重新上传。',
    14: `压缩包里有多个名为“${id(0)}.jpg”的文件（另一个在“../../etc/${id(0)}.jpg”），请只保留一个。`, 15: '没有找到对应的记录', 16: '文件名不符合要求，应命名为“证件号码.(jpg|png)”',
    17: `文件“${id(14)}.jpg”在压缩包里已损坏，请重新打包后再上传。`, 18: '文件扩展名与内容不符：内容是 PNG 图片，请另存为正确格式后再上传，不要只改扩展名。', 19: '文件名不符合要求，应命名为“证件号码.(jpg|png)”',
    20: '图片大小为 5.7 MB，超过上限 5 MB，请压缩后重新上传。',
  }
  const photos = async (): Promise<{ photo: string }[]> => x.t.house.db.all(`SELECT photo FROM ${x.t.def('candidate').table} WHERE photo IS NOT NULL AND status = 'PENDING_VERIFY'`)

  const before = (await photos()).length
  expect(await x.send('photos', path)).toMatchObject({ total: 20, ok: 6, failed: 14, made: 0, refused: null, reasons })
  expect((await photos()).length).toBe(before + 6)
  expect(await x.send('photos', path)).toMatchObject({ ok: 6, failed: 14, made: 0, reasons })
  const after = await photos()
  expect(after.length).toBe(before + 6)
  const kept = await Promise.all(after.slice(-6).map(async ({ photo }) => sharp(await x.t.house.files.read(String(photo), 1e7)).metadata()))
  expect(kept.map(({ width, height, space, exif }) => ({ width, height, space, exif }))).toEqual(Array(6).fill({ width: 295, height: 413, space: 'srgb', exif: undefined }))
}, 60_000)

it.each([
  ['text', 'no zip at all', '这不是压缩包，请检查上传的文件。'],
  ['RAR', 'Rar!\u001a\u0007\u0000 and so on', '这是 RAR 压缩文件，只能读取 ZIP。请解压后重新压缩为 .zip 再上传，仅修改扩展名无效。'],
  ['nothing', '', '压缩包是空的（0 字节），请检查后重新上传。'],
  ['leftovers alone', rawZip([{ name: '__MACOSX/._a.jpg', data: Buffer.from('x') }]), '压缩包里没有文件，请检查后重新上传。'],
  ['half a ZIP', rawZip([{ name: 'a.jpg', data: Buffer.alloc(5000, 'x') }]).subarray(0, 3000), '压缩包已损坏，无法读取，请重新生成后再上传。'],
])('a package that is %s is refused with its reason before and while it is imported', async (name, bytes, message) => {
  const seen = await x.send('photos', await save(`${name}.zip`, bytes))
  expect(seen).toMatchObject({ ok: 0, failed: 0, refused: message, preview: [message] })
})

it('thousands of files that are no photos are each named, and none stops the others', async () => {
  const [person] = x.people(1)
  await x.store([person!])
  const junk = Array.from({ length: 2_000 }, (_, i) => ({ name: `${i}.jpg`, data: Buffer.from('x') }))
  const seen = await x.send('photos', await save('many.zip', rawZip([...junk, { name: `${person!.idNo}.jpg`, data: await drawFace(9) }])))
  expect(seen).toMatchObject({ total: 2_001, ok: 1, failed: 2_000, refused: null })
  expect(new Set(Object.values(seen.reasons))).toEqual(new Set(['文件不是 JPG 或 PNG 图片，请检查后重新上传。']))
}, 60_000)
