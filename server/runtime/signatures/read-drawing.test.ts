import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { readDrawing } from './read-drawing.ts'

const svg = (body: string, w = 600, h = 300): Promise<Buffer> => sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}">${body}</svg>`)).png().toBuffer()
const STROKES = '<path d="M80 60 L500 80 M300 40 L280 250 M120 160 Q300 120 480 240" stroke="black" stroke-width="6" fill="none"/>'

describe('what was drawn', () => {
  it('is kept when it is strokes of a pen, on white or on nothing', async () => {
    for (const ground of ['', '<rect width="600" height="300" fill="white"/>']) expect(await readDrawing(await svg(ground + STROKES))).toMatchObject({ ok: true })
  })
  it('is written anew: nothing that was behind the picture is kept', async () => {
    const drawing = await readDrawing(Buffer.concat([await svg(STROKES), Buffer.from('<script>alert(1)</script>')]))
    expect(drawing.ok && drawing.png.includes('script')).toBe(false)
    expect(drawing.ok).toBe(true)
  })
  it('is brought down to a size that documents can carry', async () => {
    const drawing = await readDrawing(await svg(`<g transform="scale(3)">${STROKES}</g>`, 1800, 900))
    expect(drawing.ok && (await sharp(drawing.png).metadata())).toMatchObject({ width: 1000, height: 500 })
  })
  it.each([
    ['an empty page', ''], ['a point', '<circle cx="300" cy="150" r="12"/>'], ['pale strokes', STROKES.replace('black', '#ddd')], ['one straight line', '<path d="M50 150 H550" stroke="black" stroke-width="4"/>'],
  ])('is refused when it is %s', async (_what, body) => { expect(await readDrawing(await svg(body))).toEqual({ ok: false, message: '签名内容太少，请手写完整姓名' }) })
  it('is refused when it is a filled area', async () => { expect(await readDrawing(await svg('<rect width="600" height="300"/>'))).toEqual({ ok: false, message: '签名内容无法识别，请重新手写姓名' }) })
  it('is refused when it is no PNG, damaged, too large or too many pixels', async () => {
    expect(await readDrawing(await sharp({ create: { width: 600, height: 300, channels: 3, background: '#fff' } }).jpeg().toBuffer())).toMatchObject({ ok: false, message: '签名不是 PNG 图片，请重新签名' })
    expect(await readDrawing((await svg(STROKES)).subarray(0, 400))).toMatchObject({ ok: false, message: '签名图片已损坏，请重新签名' })
    expect(await readDrawing(Buffer.alloc(300 * 1024 + 1))).toMatchObject({ ok: false, message: '签名图片超过 300 KB，请重新签名' })
    expect(await readDrawing(await sharp({ create: { width: 4000, height: 4000, channels: 3, background: '#fff' } }).png().toBuffer())).toMatchObject({ ok: false, message: '签名图片已损坏，请重新签名' })
  })
})
