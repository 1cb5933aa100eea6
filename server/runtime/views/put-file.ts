import { Readable } from 'node:stream'
import { isAppError } from '#server/platform/errors.ts'
import { entitiesOf, type EntityDef, type FileDef, type PropertyDef } from '#server/runtime/definitions/index.ts'
import { checkImage, detectImage, imageSpecOf, reencode } from '#server/runtime/files/image/index.ts'
import type { NewFile } from '#server/runtime/files/index.ts'
import { forceOf, propertyAt } from '#server/runtime/records/index.ts'
import type { Actor, Call, Result } from '../context.ts'
import { entityOf, refused, type ViewParts } from './parts.ts'

export interface PutMeta { name: string; entity?: string; path?: string; purpose: 'record' | 'import' | 'rich' }
type Put = Result<{ id: string; name: string; bytes: number }>
const DAY = 86_400_000
const MB = 1024 * 1024
const RICH: FileDef = { kind: 'image', accept: ['.jpg', '.jpeg', '.png'], maxBytes: 5 * MB, check: {} }
const IMPORT: FileDef = { kind: 'archive', accept: ['.xlsx', '.xls', '.zip'], maxBytes: 1024 * MB, check: {} }
const MIME: Record<string, string> = {
  '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png', '.pdf': 'application/pdf', '.zip': 'application/zip', '.doc': 'application/msword', '.xls': 'application/vnd.ms-excel',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}
const extension = (name: string): string => /\.[a-z0-9]{1,8}$/i.exec(name)?.[0].toLowerCase() ?? ''
/** without folders and control characters */
const cleanName = (name: string): string => Array.from(name.split(/[\\/]/).at(-1) ?? '').filter((c) => c >= ' ' && c !== '\u007f').join('').slice(-200) || 'file'

/** Stores an upload after the checks of its purpose; it expires in a day unless a record takes it. */
export async function putFile(parts: ViewParts, actor: Actor, meta: PutMeta, body: Readable): Promise<Put> {
  const call = parts.core.call(actor)
  const name = cleanName(meta.name)
  const place = meta.purpose === 'record' ? fieldFor(parts, call, meta) : meta.purpose === 'rich' ? { file: RICH } : { file: IMPORT }
  if (!place) { body.resume(); return refused('NOT_FOUND', '没有此上传项', 404) }
  const { file } = place
  if (file.accept.length && !file.accept.some((a) => a.toLowerCase() === extension(name))) { body.resume(); return refused('FILE_KIND', `“${name}”的格式不对：只能上传 ${file.accept.join('、')} 文件`) }
  const kept: Omit<NewFile, 'mime' | 'maxBytes'> = { kind: meta.purpose === 'import' ? 'import' : file.kind, name, encrypt: true, createdBy: actor.userId, org: actor.orgId, expiresAt: call.now + DAY, ...('def' in place ? { entity: place.def.id, path: place.path } : {}), ...(meta.purpose === 'rich' ? { path: 'rich' } : {}) }
  try {
    return file.kind === 'image' || file.kind === 'signature' ? await putImage(parts, call, file, kept, body) : await putStream(parts, file, kept, body)
  } catch (error) {
    if (isAppError(error, 'TOO_LARGE')) return refused('FILE_TOO_LARGE', `“${name}”超过上限 ${Math.floor(file.maxBytes / MB) || 1} MB，请压缩后重新上传`, 413)
    throw error
  }
}

/** The file property that is meant: of the record, or an input of one of its buttons. */
function fieldFor(parts: ViewParts, call: Call, meta: PutMeta): { file: FileDef; def: EntityDef; path: string } | null {
  const def = meta.entity ? entityOf(parts, call, meta.entity) : null
  if (!def || !meta.path) return null
  const path = meta.path.replace(/\.\d+(?=\.)/g, '[]').replace(/\.\d+$/, '')
  const inputs: (PropertyDef | undefined)[] = [...Object.values(def.form.actions).map((a) => a.inputs?.[path]), ...entitiesOf(call.programme).filter((e) => e.id === def.id).flatMap((e) => Object.values(e.inputProperties).map((props) => props[path]))]
  const p = [propertyAt(def, path), ...inputs].find((x) => x?.file ?? x?.items?.file)
  const file = p?.file ?? p?.items?.file
  return file ? { file, def, path } : null
}

async function putImage(parts: ViewParts, call: Call, file: FileDef, kept: Omit<NewFile, 'mime' | 'maxBytes'>, body: Readable): Promise<Put> {
  const bytes = await collect(body, file.maxBytes + 1)
  const spec = imageSpecOf(file, (policy) => forceOf(call.programme, policy, call.now) === 'block')
  const checked = await checkImage(bytes, spec, kept.name)
  if (!checked.ok) return refused('FILE_REFUSED', checked.problems.map((p) => ({ code: `IMAGE_${p.code}`, message: p.person })))
  const format = detectImage(bytes) ?? 'jpeg'
  const clean = await reencode(bytes, { format })
  const stored = await parts.files.put(clean, { ...kept, mime: format === 'png' ? 'image/png' : 'image/jpeg', maxBytes: Math.max(clean.length, file.maxBytes) })
  return { ok: true, id: stored.id, name: stored.name, bytes: stored.bytes }
}
async function collect(body: Readable, most: number): Promise<Buffer> {
  const list: Buffer[] = []
  let size = 0
  for await (const part of body) {
    size += (part as Buffer).length
    if (size <= most + 64 * 1024) list.push(part as Buffer)
  }
  return Buffer.concat(list)
}

async function putStream(parts: ViewParts, file: FileDef, kept: Omit<NewFile, 'mime' | 'maxBytes'>, body: Readable): Promise<Put> {
  const source = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let head = Buffer.alloc(0)
  let ended = false
  while (head.length < 16 && !ended) { const next = await source.next(); if (next.done) ended = true; else head = Buffer.concat([head, next.value]) }
  const ext = extension(kept.name)
  // what is imported is judged where it is read, which tells a password, an old format and a text table apart
  if (kept.kind !== 'import' && !matches(head, ext)) { body.resume(); return refused('FILE_KIND', `“${kept.name}”的内容与扩展名不符，请检查后重新上传`) }
  async function* whole(): AsyncGenerator<Buffer> {
    if (head.length) yield head
    while (!ended) { const next = await source.next(); if (next.done) return; yield next.value }
  }
  const stored = await parts.files.put(Readable.from(whole()), { ...kept, mime: MIME[ext] ?? 'application/octet-stream', maxBytes: file.maxBytes })
  return { ok: true, id: stored.id, name: stored.name, bytes: stored.bytes }
}

const starts = (head: Buffer, ...bytes: number[]): boolean => bytes.every((b, i) => head[i] === b)
const MAGIC: Record<string, (head: Buffer) => boolean> = {
  '.pdf': (h) => h.subarray(0, 5).toString('latin1') === '%PDF-', '.docx': (h) => starts(h, 0x50, 0x4b), '.xlsx': (h) => starts(h, 0x50, 0x4b), '.zip': (h) => starts(h, 0x50, 0x4b),
  '.doc': (h) => starts(h, 0xd0, 0xcf, 0x11, 0xe0), '.jpg': (h) => detectImage(h) === 'jpeg', '.jpeg': (h) => detectImage(h) === 'jpeg', '.png': (h) => detectImage(h) === 'png',
}
/** Old sheets and unknown kinds are judged where they are read. */
const matches = (head: Buffer, ext: string): boolean => MAGIC[ext]?.(head) ?? true
