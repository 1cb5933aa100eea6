import type { Clock } from '#server/platform/clock.ts'
import type { fileStore } from './file.store.ts'
import type { BlobStore } from './types.ts'

const BATCH = 500
// a blob is written before its row commits; longer than any upload or transaction may take
const GRACE_MS = 24 * 3_600_000

/**
 * Expired files lose their row's claim first, their own bytes next. Bytes shared by content, and those of transactions
 * that were undone, go when no row has named them for a day.
 */
export const purgeFiles = async (store: ReturnType<typeof fileStore>, blobs: BlobStore, clock: Clock): Promise<number> => {
  let gone = 0
  for (;;) {
    const rows = await store.expired(clock.now(), BATCH)
    if (rows.length === 0) break
    await store.markPurged(rows.map((r) => String(r.id)), clock.now())
    for (const row of rows) if (row.key_id !== null) await blobs.remove(row.locator)
    gone += rows.length
  }
  await blobs.sweep()
  for await (const batch of blobs.stale(GRACE_MS, BATCH)) {
    const used = await store.inUse(batch)
    for (const locator of batch) if (!used.has(locator)) await blobs.remove(locator)
  }
  return gone
}
