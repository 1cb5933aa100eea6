import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import sharp from 'sharp'
import { got, messages, openDesk, type Desk } from './support.ts'

const CANDIDATE = 'vslc/candidate'
let desk: Desk
let id: string
beforeAll(async () => { desk = await openDesk(); id = desk.h.names.get('candidate.wang')! })
afterAll(() => desk.close())

const picture = (width: number, height: number): Promise<Buffer> => sharp({ create: { width, height, channels: 3, background: '#c8102e' } }).withExif({ IFD0: { Copyright: 'secret-place' } }).jpeg().toBuffer()
const put = async (user: string, name: string, bytes: Buffer, path = 'photo', entity = CANDIDATE) => desk.services.files.put(await desk.actor(user), { name, entity, path, purpose: 'record' }, Readable.from([bytes]))
const bytesOf = async (stream: Readable): Promise<Buffer> => { const list: Buffer[] = []; for await (const b of stream) list.push(b as Buffer); return Buffer.concat(list) }

describe('a photo for a candidate', () => {
  it('is refused for its kind, its size in pixels and what is really in it, in words', async () => {
    expect(messages(await put('school.beike', 'photo.gif', Buffer.from('GIF89a')))).toEqual(['“photo.gif”的格式不对：只能上传 .jpg、.png 文件'])
    expect(messages(await put('school.beike', 'photo.jpg', await picture(200, 200)))).toEqual([expect.stringContaining('应为 295×413 像素')])
    expect(messages(await put('school.beike', 'photo.jpg', Buffer.from('%PDF-1.4 not a picture')))).toEqual([expect.stringContaining('不是 JPG 或 PNG 图片')])
  })
  it('is written anew without what hides behind the pixels, and its owner may read it back', async () => {
    const { id: file } = got(await put('school.beike', 'photo.jpg', await picture(295, 413)))
    const { file: stored } = got(await desk.services.files.get(await desk.actor('school.beike'), file))
    expect((await bytesOf(await stored.open())).includes('secret-place')).toBe(false)
    expect(await desk.services.files.get(await desk.actor('school.other'), file)).toMatchObject({ ok: false, status: 404 })
  })
  it('cannot be put into a record by somebody who did not upload it', async () => {
    const { id: foreign } = got(await put('school.other', 'photo.jpg', await picture(295, 413)))
    const beike = await desk.actor('school.beike')
    const created = await desk.services.save(beike, { entity: CANDIDATE, data: { kind: 'SCHOOL', name: '赵六', namePinyin: 'zhao liu', gender: '男', idType: 'ID_CARD', idNo: '11010519491231002X', mobile: '13812345678', photo: foreign } })
    expect(messages(created)).toEqual([expect.stringContaining('文件不是您为此项上传的')])
  })
  it('belongs to the record once it is saved: who sees the record sees it', async () => {
    const beike = await desk.actor('school.beike')
    const { id: file } = got(await put('school.beike', 'photo.jpg', await picture(295, 413)))
    const major = desk.h.names.get([...desk.h.names.keys()].find((k) => k.startsWith('major.'))!)!
    const saved = got(await desk.services.save(beike, { entity: CANDIDATE, data: { kind: 'SCHOOL', name: '赵六', namePinyin: 'zhao liu', gender: '男', idType: 'ID_CARD', idNo: '11010519491231002X', mobile: '13812345678', enrolYear: 2024, majorLevel: 'JUNIOR', major, photo: file } }))
    expect((await desk.services.files.get(await desk.actor('province.bj'), file)).ok).toBe(true)
    expect((await desk.services.files.get(await desk.actor('school.other'), file)).ok).toBe(false)
    desk.h.clock.advance(2 * 86_400_000)
    expect((await desk.services.files.get(beike, file)).ok).toBe(true)
    expect(saved.id).not.toBe(id)
  })
  it('is forgotten after a day when no record took it', async () => {
    const beike = await desk.actor('school.beike')
    const { id: file } = got(await put('school.beike', 'photo.jpg', await picture(295, 413)))
    desk.h.clock.advance(25 * 3_600_000)
    expect(await desk.services.files.get(beike, file)).toMatchObject({ ok: false, status: 410 })
  })
})

describe('a document for a field', () => {
  it('must be inside what its name says', async () => {
    expect(messages(await put('school.beike', 'proof.pdf', Buffer.from('MZ this is a program'), 'evidence.0', 'vslc/pilot-application'))).toEqual(['“proof.pdf”的内容与扩展名不符，请检查后重新上传'])
    expect((await put('school.beike', 'proof.pdf', Buffer.from('%PDF-1.4\n%%EOF'), 'evidence.0', 'vslc/pilot-application')).ok).toBe(true)
  })
})
