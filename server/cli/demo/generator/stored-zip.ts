import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'

export interface StoredFile { name: Buffer; data: Buffer }

const header = (signature: number, bytes: number, file: StoredFile, at: number): Buffer => {
  const head = Buffer.alloc(bytes)
  head.writeUInt32LE(signature, 0)
  head.writeUInt32LE(crc32(file.data), at)
  head.writeUInt32LE(file.data.length, at + 4)
  head.writeUInt32LE(file.data.length, at + 8)
  head.writeUInt16LE(file.name.length, at + 12)
  return head
}

/** Writes uncompressed files under names of any encoding and without the UTF-8 mark, as the ZIP folder of old Windows does. */
export const writeStoredZip = async (path: string, files: AsyncIterable<StoredFile>): Promise<void> => {
  const parts = async function* (): AsyncGenerator<Buffer> {
    const directory: Buffer[] = []
    let offset = 0
    let count = 0
    for await (const file of files) {
      const local = header(0x04034b50, 30, file, 14)
      const central = header(0x02014b50, 46, file, 16)
      central.writeUInt32LE(offset, 42)
      directory.push(central, file.name)
      offset += local.length + file.name.length + file.data.length
      count++
      yield Buffer.concat([local, file.name, file.data])
    }
    const all = Buffer.concat(directory)
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(count, 8)
    end.writeUInt16LE(count, 10)
    end.writeUInt32LE(all.length, 12)
    end.writeUInt32LE(offset, 16)
    yield Buffer.concat([all, end])
  }
  await pipeline(Readable.from(parts()), createWriteStream(path))
}
