import type { Db } from '#server/data/index.ts'
import type { Clock } from '#server/platform/clock.ts'
import type { Keyring } from '#server/platform/crypto.ts'
import { lostRace, type AuditStore } from './audit.store.ts'
import { GENESIS, sealText } from './hash.ts'
import { settledRows } from './settled.ts'
import type { AuditHead } from './types.ts'

export const SEAL_ROWS = 5_000

export interface SealDeps { db: Db; store: AuditStore; clock: Clock; keyring: Keyring; publish?: (head: AuditHead) => Promise<void> }

/**
 * Makes seals until everything settled is covered. Numbers above `seen` (the highest at the round before) wait for the
 * next round: a statement may have drawn its number but not stored its row yet. Not so on SQLite.
 */
export const sealOnce = async (deps: SealDeps, seen: number): Promise<number> => {
  const limit = deps.db.dialect.skipLocked ? seen : await deps.store.maxSeq()
  let sealed = 0
  for (;;) {
    const n = await sealBatch(deps, limit)
    sealed += n
    if (n < SEAL_ROWS) return sealed
  }
}

const sealBatch = async ({ db, store, clock, keyring, publish }: SealDeps, limit: number): Promise<number> => {
  const last = await store.lastSeal()
  const from = (last?.to_seq ?? 0) + 1
  if (from > limit) return 0
  const rows = await settledRows(db.dialect, store, from, await store.rows(from, limit, SEAL_ROWS))
  const to = rows.at(-1)?.seq
  if (to === undefined) return 0
  const previous = last?.hash ?? GENESIS
  const seal = { seq: (last?.seq ?? 0) + 1, from_seq: from, to_seq: to, row_count: rows.length, previous, hash: keyring.auditHash(sealText(previous, from, to, rows)), key_id: 'audit', at: clock.now() }
  try { await store.insertSeal(seal) }
  catch (e) { if (lostRace(e)) return 0; throw e }
  await publish?.({ seal: seal.seq, toSeq: to, hash: seal.hash, at: seal.at })
  return rows.length
}
