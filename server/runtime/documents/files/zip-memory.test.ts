import { expect, it } from 'vitest'
import { stillHeld } from '#tests/support/garbage.ts'
import type { DocumentResult } from '../types.ts'
import { zipDocuments } from './zip-documents.ts'

const DOCUMENTS = 60

it('holds a few documents of a package at a time, however many there are', async () => {
  const seen: WeakRef<ArrayBuffer>[] = []
  let alive = DOCUMENTS
  const documents = async function* (): AsyncGenerator<DocumentResult> {
    for (let n = 0; n < DOCUMENTS; n++) {
      const bytes = new Uint8Array(200_000)
      seen.push(new WeakRef(bytes.buffer))
      yield { ok: true, index: n, name: `${n}.pdf`, bytes } as unknown as DocumentResult
    }
    alive = await stillHeld(seen)
  }
  let written = 0
  for await (const chunk of zipDocuments(documents(), { now: 0 })) written += (chunk as Buffer).length

  expect(written).toBeGreaterThan(DOCUMENTS * 200_000)
  expect(alive).toBeLessThan(6)
})
