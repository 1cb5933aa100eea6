/** Records of the ZIP format (APPNOTE 6.3): entries are deflated, have UTF-8 names and tell their sizes behind their bytes. */
export interface ZipEntry { name: Buffer; /** offset of its head */ at: number; crc: number; /** bytes before and after deflate */ size: number; packed: number; /** ms UTC */ time: number }

const MAX = 0xffff_ffff
const FLAGS = 0x0808
const DEFLATED = 8
const PLAIN = 20
const ZIP64 = 45
const MADE_ON_UNIX = 3 << 8
const FILE_MODE = 0o100644

const isLarge = (e: ZipEntry): boolean => e.size >= MAX || e.packed >= MAX || e.at >= MAX

/** Date and time of MS-DOS, which begins in 1980. */
const dosTime = (ms: number): [time: number, date: number] => {
  const t = new Date(Math.max(ms, Date.UTC(1980, 0, 1)))
  return [t.getUTCHours() << 11 | t.getUTCMinutes() << 5 | t.getUTCSeconds() >> 1, Math.min(127, t.getUTCFullYear() - 1980) << 9 | (t.getUTCMonth() + 1) << 5 | t.getUTCDate()]
}

/** Fields of 2, 4 and 8 bytes, one after the other. */
const record = (...fields: (readonly [bytes: 2 | 4 | 8, value: number])[]): Buffer => {
  const out = Buffer.alloc(fields.reduce((sum, [bytes]) => sum + bytes, 0))
  let at = 0
  for (const [bytes, value] of fields) {
    if (bytes === 8) out.writeBigUInt64LE(BigInt(value), at)
    else out.writeUIntLE(value, at, bytes)
    at += bytes
  }
  return out
}

export const entryHead = ({ name, time }: ZipEntry): Buffer => {
  const [clock, date] = dosTime(time)
  return Buffer.concat([record([4, 0x0403_4b50], [2, PLAIN], [2, FLAGS], [2, DEFLATED], [2, clock], [2, date], [4, 0], [4, 0], [4, 0], [2, name.length], [2, 0]), name])
}

export const entryTail = (e: ZipEntry): Buffer => {
  const wide = isLarge(e) ? 8 : 4
  return record([4, 0x0807_4b50], [4, e.crc], [wide, e.packed], [wide, e.size])
}

export const directoryEntry = (e: ZipEntry): Buffer => {
  const [clock, date] = dosTime(e.time)
  const large = isLarge(e)
  const extra = large ? record([2, 1], [2, 24], [8, e.size], [8, e.packed], [8, e.at]) : Buffer.alloc(0)
  const fields = record(
    [4, 0x0201_4b50], [2, MADE_ON_UNIX | (large ? ZIP64 : PLAIN)], [2, large ? ZIP64 : PLAIN], [2, FLAGS], [2, DEFLATED], [2, clock], [2, date], [4, e.crc],
    [4, large ? MAX : e.packed], [4, large ? MAX : e.size], [2, e.name.length], [2, extra.length], [2, 0], [2, 0], [2, 0], [4, FILE_MODE * 0x1_0000], [4, large ? MAX : e.at],
  )
  return Buffer.concat([fields, e.name, extra])
}

/** What ends the file: entries, offset and length of the directory. */
export const directoryEnd = (count: number, at: number, length: number): Buffer => {
  const large = count >= 0xffff || at >= MAX || length >= MAX
  const wide = large ? Buffer.concat([
    record([4, 0x0606_4b50], [8, 44], [2, ZIP64], [2, ZIP64], [4, 0], [4, 0], [8, count], [8, count], [8, length], [8, at]),
    record([4, 0x0706_4b50], [4, 0], [8, at + length], [4, 1]),
  ]) : Buffer.alloc(0)
  const short = Math.min(count, 0xffff)
  return Buffer.concat([wide, record([4, 0x0605_4b50], [2, 0], [2, 0], [2, short], [2, short], [4, Math.min(length, MAX)], [4, Math.min(at, MAX)], [2, 0])])
}
