import { Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { writeArchive, type ArchiveSource } from './write-archive.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
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
    await turn()
    collect()
    alive = seen.filter((ref) => ref.deref() !== undefined).length
  }
  let written = 0
  await writeArchive(new Writable({ write(chunk: Buffer, _encoding, done) { written += chunk.length; done() } }), entries(), 0)

  expect(written).toBeGreaterThan(ENTRIES * 200_000)
  expect(alive).toBeLessThan(6)
})
