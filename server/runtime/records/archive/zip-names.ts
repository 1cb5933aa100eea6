import { crc32 } from 'node:zlib'

const UTF8_FLAG = 0x0800
const UNICODE_PATH = 0x7075
const gbk = new TextDecoder('gb18030')

const strictUtf8 = (bytes: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Info-ZIP's Unicode Path field: version 1, crc of the plain name, then UTF-8. */
const unicodePath = (name: Buffer, field: Buffer | undefined): string | undefined =>
  field && field.length > 5 && field[0] === 1 && field.readUInt32LE(1) === crc32(name) ? strictUtf8(field.subarray(5)) : undefined

/**
 * Name of a ZIP entry. Chinese Windows writes GBK without any mark, macOS writes UTF-8 without the flag:
 * the flag wins, then the Unicode Path field, then valid UTF-8, then GBK.
 */
export const decodeEntryName = (name: Buffer, flags: number, extra: ReadonlyMap<number, Buffer>): string => {
  if (flags & UTF8_FLAG) return name.toString('utf8')
  return unicodePath(name, extra.get(UNICODE_PATH)) ?? strictUtf8(name) ?? gbk.decode(name)
}
