import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import type { Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { backgroundOf } from './background.ts'
import { checkImage } from './check-image.ts'
import { imageSpecOf, parseImageCheck } from './image-spec.ts'
import type { ImageSpec } from './image-spec.ts'
import { reencode } from './reencode.ts'

const SPEC: ImageSpec = { pixels: { w: 295, h: 413, tolerance: 0 }, background: 'red', maxBytes: 5 * 1024 * 1024, accept: ['.jpg', '.png'] }
const RED = '#d8232a'

const portrait = (background: string, width = 295, height = 413): Sharp =>
  sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 295 413"><rect width="295" height="413" fill="${background}"/><path d="M20 413 Q30 300 148 300 Q265 300 275 413Z" fill="#234"/><ellipse cx="148" cy="180" rx="75" ry="100" fill="#e9b995"/><path d="M65 170 Q70 55 148 55 Q225 55 231 170 Q200 100 148 100 Q95 100 65 170Z" fill="#111"/></svg>`))
const jpg = (background = RED, width?: number, height?: number): Promise<Buffer> => portrait(background, width, height).jpeg().toBuffer()
const codes = async (input: Buffer | string, spec: ImageSpec = SPEC, name?: string): Promise<string[]> => (await checkImage(input, spec, name)).problems.map((p) => p.code)

describe('a portrait', () => {
  it('passes as JPG or PNG with the size and background asked for', async () => {
    expect(await checkImage(await jpg(), SPEC, '1.jpg')).toEqual({ ok: true, format: 'jpeg', width: 295, height: 413, problems: [] })
    expect(await checkImage(await portrait(RED).png().toBuffer(), SPEC, '1.PNG')).toMatchObject({ ok: true, format: 'png' })
  })

  it('is refused with another size, unless within the tolerance', async () => {
    const photo = await jpg(RED, 300, 420)
    expect((await checkImage(photo, SPEC)).problems).toEqual([{ code: 'wrong-size', person: '图片为 300×420 像素，应为 295×413 像素，请调整后重新上传。' }])
    expect(await codes(photo, { ...SPEC, pixels: { w: 295, h: 413, tolerance: 7 } })).toEqual([])
    expect(await codes(photo, { ...SPEC, pixels: { w: 295, h: 413, tolerance: 6 } })).toEqual(['wrong-size'])
  })

  it('is measured as it is shown when the camera stored it lying', async () => {
    const lying = await sharp(await jpg()).rotate(-90).withExif({ IFD0: {} }).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    expect((await sharp(lying).metadata()).width).toBe(413)
    expect(await checkImage(lying, SPEC)).toMatchObject({ ok: true, width: 295, height: 413 })
  })

  it('is refused on a blue, white, grey or brick background and names the colour it knows', async () => {
    expect((await checkImage(await jpg('#438edb'), SPEC)).problems).toEqual([{ code: 'wrong-background', person: '照片背景应为红色（现为蓝色），请更换照片。' }])
    expect((await checkImage(await jpg('#ffffff'), SPEC)).problems[0]?.person).toBe('照片背景应为红色（现为白色），请更换照片。')
    for (const other of ['#808080', '#a0522d', '#f5b7a0', '#ff8c00']) expect(await codes(await jpg(other)), other).toEqual(['wrong-background'])
  })

  it('knows the reds, blues and whites of photo shops', async () => {
    const colour = async (background: string): Promise<string | undefined> => backgroundOf(sharp(await jpg(background)))
    expect(await Promise.all(['#ff0000', '#d9001b', '#be0000', '#e63c32'].map(colour))).toEqual(Array(4).fill('red'))
    expect(await Promise.all(['#438edb', '#00bff3', '#2a5caa'].map(colour))).toEqual(Array(3).fill('blue'))
    expect(await Promise.all(['#ffffff', '#f2f2f0'].map(colour))).toEqual(Array(2).fill('white'))
  })

  it('lists all problems at once', async () => {
    expect(await codes(await portrait('#438edb', 100, 100).png().toBuffer(), { ...SPEC, accept: ['.jpg'] }, 'a.jpg')).toEqual(['wrong-format', 'wrong-size', 'wrong-background'])
  })
})

describe('a file', () => {
  it('is judged by its content: text, GIF, SVG and PDF are no pictures', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="295" height="413"><image href="file:///etc/passwd"/></svg>')
    for (const bytes of [Buffer.from('not a picture'), Buffer.from('GIF89a....'), svg, Buffer.from('%PDF-1.7')]) expect(await codes(bytes)).toEqual(['not-an-image'])
    expect(await codes(Buffer.alloc(0))).toEqual(['empty'])
  })

  it('is refused when its extension says another format than its content has', async () => {
    expect(await codes(await portrait(RED).png().toBuffer(), SPEC, '110105.jpg')).toEqual(['wrong-extension'])
  })

  it('is refused above the size limit before it is decoded', async () => {
    const padded = Buffer.concat([await jpg(), Buffer.alloc(6 * 1024 * 1024)])
    expect((await checkImage(padded, SPEC)).problems).toMatchObject([{ code: 'too-large', person: '图片大小为 6 MB，超过上限 5 MB，请压缩后重新上传。' }])
  })

  it('is refused when it breaks off in the middle', async () => {
    const whole = await jpg()
    expect(await codes(whole.subarray(0, whole.length / 2))).toEqual(['unreadable'])
    expect(await codes(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]))).toEqual(['unreadable'])
  })

  it('is refused when a small file claims a huge picture', async () => {
    const chunk = (type: string, data: Buffer): Buffer => {
      const body = Buffer.concat([Buffer.from(type), data])
      const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
      length.writeUInt32BE(data.length)
      sum.writeUInt32BE(crc32(body))
      return Buffer.concat([length, body, sum])
    }
    const header = Buffer.alloc(13)
    header.writeUInt32BE(60_000, 0)
    header.writeUInt32BE(60_000, 4)
    header.set([8, 2, 0, 0, 0], 8)
    const huge = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(1000))), chunk('IEND', Buffer.alloc(0))])
    expect(await codes(huge)).toEqual(['too-many-pixels'])
  })

  it('is read from a path as from a buffer', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'image-'))
    await writeFile(join(folder, 'a.jpg'), await jpg())
    expect(await codes(join(folder, 'a.jpg'))).toEqual([])
    await rm(folder, { recursive: true })
  })
})

describe('a seal', () => {
  const seal = { accept: ['.png'], square: '须为正方形', transparent: '须为无底色' }
  const ring = (w: number, h: number, background: { r: number; g: number; b: number; alpha: number }) =>
    sharp({ create: { width: w, height: h, channels: 4, background } }).composite([{ input: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}"><rect x="2" y="2" width="${w - 4}" height="${h - 4}" fill="none" stroke="red" stroke-width="4"/></svg>`) }]).png().toBuffer()
  const persons = async (bytes: Buffer) => (await checkImage(bytes, seal)).problems.map((p) => p.person)

  it('is square and has no background; each miss is told in the words of its check', async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 }
    const white = { r: 255, g: 255, b: 255, alpha: 1 }
    expect(await persons(await ring(95, 95, clear))).toEqual([])
    expect(await persons(await ring(120, 95, clear))).toEqual(['须为正方形'])
    expect(await persons(await ring(95, 95, white))).toEqual(['须为无底色'])
    expect(await persons(await sharp(await ring(95, 80, white)).removeAlpha().png().toBuffer())).toEqual(['须为正方形', '须为无底色'])
  })
})

describe('encoding anew', () => {
  it('leaves metadata and what hides behind the pixels out and keeps the picture', async () => {
    const source = Buffer.concat([await sharp(await jpg()).withExif({ IFD0: { Copyright: 'SECRET' } }).toBuffer(), Buffer.from('SECRET')])
    expect(source.includes('SECRET')).toBe(true)
    const clean = await reencode(source)
    expect([clean.includes('SECRET'), (await sharp(clean).metadata()).exif, (await checkImage(clean, SPEC)).ok]).toEqual([false, undefined, true])
  })

  it('makes JPG or PNG in the size asked for', async () => {
    expect(await checkImage(await reencode(await jpg(RED, 600, 840), { format: 'png', pixels: { w: 295, h: 413 } }), SPEC)).toMatchObject({ ok: true, format: 'png' })
  })
})

describe('the definition of a file', () => {
  it('gives size, formats and machine checks whose policy is on', () => {
    const file = {
      kind: 'image' as const, accept: ['.jpg'], maxBytes: 100, pixels: { w: 295, h: 413, tolerance: 2 },
      check: { back: { by: 'machine' as const, is: 'background = red', message: { zh: 'x' }, policy: 'photo' }, likeness: { by: 'person' as const, is: 'background = blue', message: { zh: 'x' } } },
    }
    expect(imageSpecOf(file)).toEqual({ accept: ['.jpg'], maxBytes: 100, pixels: { w: 295, h: 413, tolerance: 2 }, background: 'red' })
    expect(imageSpecOf(file, () => false).background).toBeUndefined()
    expect([parseImageCheck('background="white"'), parseImageCheck('faces = 1')]).toEqual([{ background: 'white' }, undefined])
    expect([parseImageCheck('width = height', '方'), parseImageCheck('transparent', '透')]).toEqual([{ square: '方' }, { transparent: '透' }])
  })
})
