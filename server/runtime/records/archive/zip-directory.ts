import type { FileHandle } from 'node:fs/promises'
import { FileRefusal } from './file-refusal.ts'
import { decodeEntryName } from './zip-names.ts'

export interface ZipEntry {
  /** as written in the archive, `/` between folders; not safe as a path */
  name: string
  directory: boolean
  encrypted: boolean
  /** 0 stored, 8 deflated; nothing else is read */
  method: number
  crc: number
  compressed: number
  /** inflated bytes as declared; the stream checks them */
  size: number
  offset: number
}

const EOCD = 0x06054b50
const EOCD64_LOCATOR = 0x07064b50
const EOCD64 = 0x06064b50
const CENTRAL = 0x02014b50
const ALL32 = 0xffffffff
/** 100 000 entries with long names stay below this */
const MAX_DIRECTORY = 64 * 1024 * 1024

const damaged = (subject: string, what: string): FileRefusal =>
  new FileRefusal('corrupt', what, `${subject}已损坏，无法读取，请重新生成后再上传。`)

export const readAt = async (file: FileHandle, position: number, length: number): Promise<Buffer> => {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, position)
  return buffer.subarray(0, bytesRead)
}

interface Location { count: number; offset: number; bytes: number }

const locate = async (file: FileHandle, fileBytes: number, subject: string): Promise<Location> => {
  const length = Math.min(fileBytes, 22 + 0xffff)
  const start = fileBytes - length
  const tail = await readAt(file, start, length)
  let at = tail.length - 22
  while (at >= 0 && tail.readUInt32LE(at) !== EOCD) at--
  if (at < 0) throw damaged(subject, 'no end of central directory record')
  const plain = { count: tail.readUInt16LE(at + 10), bytes: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) }
  const locator = at - 20
  if (locator < 0 || tail.readUInt32LE(locator) !== EOCD64_LOCATOR) return plain
  const wide = await readAt(file, Number(tail.readBigUInt64LE(locator + 8)), 56)
  if (wide.length < 56 || wide.readUInt32LE(0) !== EOCD64) throw damaged(subject, 'zip64 end record is missing')
  return { count: Number(wide.readBigUInt64LE(32)), bytes: Number(wide.readBigUInt64LE(40)), offset: Number(wide.readBigUInt64LE(48)) }
}

const extraFields = (extra: Buffer): Map<number, Buffer> => {
  const fields = new Map<number, Buffer>()
  for (let at = 0; at + 4 <= extra.length;) {
    const length = extra.readUInt16LE(at + 2)
    fields.set(extra.readUInt16LE(at), extra.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return fields
}

const parseEntry = (dir: Buffer, at: number): { entry: ZipEntry; next: number } => {
  const nameEnd = at + 46 + dir.readUInt16LE(at + 28)
  const extraEnd = nameEnd + dir.readUInt16LE(at + 30)
  const flags = dir.readUInt16LE(at + 8)
  const extra = extraFields(dir.subarray(nameEnd, extraEnd))
  const wide = extra.get(1)
  let wideAt = 0
  const widen = (value: number): number => {
    if (value !== ALL32 || !wide || wideAt + 8 > wide.length) return value
    wideAt += 8
    return Number(wide.readBigUInt64LE(wideAt - 8))
  }
  const size = widen(dir.readUInt32LE(at + 24))
  const compressed = widen(dir.readUInt32LE(at + 20))
  const offset = widen(dir.readUInt32LE(at + 42))
  const name = decodeEntryName(dir.subarray(at + 46, nameEnd), flags, extra).replaceAll('\\', '/')
  return {
    entry: { name, directory: name.endsWith('/'), encrypted: (flags & 1) === 1, method: dir.readUInt16LE(at + 10), crc: dir.readUInt32LE(at + 16), compressed, size, offset },
    next: extraEnd + dir.readUInt16LE(at + 32),
  }
}

/** Entries of the central directory, in its order. Throws FileRefusal `corrupt`, `too-many-entries`. */
export const readDirectory = async (file: FileHandle, fileBytes: number, limits: { maxEntries: number; subject: string }): Promise<ZipEntry[]> => {
  const { subject, maxEntries } = limits
  const where = await locate(file, fileBytes, subject)
  if (where.count > maxEntries || where.bytes > MAX_DIRECTORY) {
    throw new FileRefusal('too-many-entries', `${where.count} entries, limit ${maxEntries}`, `${subject}里有 ${where.count} 个文件，超过上限 ${maxEntries} 个，请分批上传。`)
  }
  if (where.offset + where.bytes > fileBytes) throw damaged(subject, 'central directory lies outside the file')
  const dir = await readAt(file, where.offset, where.bytes)
  const entries: ZipEntry[] = []
  let at = 0
  try {
    while (entries.length < where.count) {
      if (dir.readUInt32LE(at) !== CENTRAL) throw damaged(subject, `entry ${entries.length} has no central header`)
      const { entry, next } = parseEntry(dir, at)
      if (entry.offset + entry.compressed > fileBytes) throw damaged(subject, `entry ${entries.length} lies outside the file`)
      entries.push(entry)
      at = next
    }
  } catch (error) {
    if (error instanceof RangeError) throw damaged(subject, `central directory ends inside entry ${entries.length}`)
    throw error
  }
  return entries
}
