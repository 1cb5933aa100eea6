import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { stillHeld } from '#tests/support/garbage.ts'
import { writeArchive, type ArchiveSource } from './write-archive.ts'

const ENTRIES = 60

it('holds the bytes of a few entries at a time, however many there are', async () => {
  const seen: WeakRef<Buffer>[] = []
  let alive = ENTRIES
  const entries = async function* (): AsyncGenerator<ArchiveSource> {
    for (let n = 0; n < ENTRIES; n++) {
      const bytes = Buffer.alloc(200_000, n)
      seen.push(new WeakRef(bytes))
      yield { name: `${n}.pdf`, source: bytes, stored: true }
    }
    alive = await stillHeld(seen)
  }
  let written = 0
  await writeArchive(new Writable({ write(chunk: Buffer, _encoding, done) { written += chunk.length; done() } }), entries(), 0)

  expect(written).toBeGreaterThan(ENTRIES * 200_000)
  expect(alive).toBeLessThan(6)
})
