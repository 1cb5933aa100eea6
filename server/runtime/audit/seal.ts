import type { Clock } from '#server/platform/clock.ts'
import type { Keyring } from '#server/platform/crypto.ts'
import type { AuditStore } from './audit.store.ts'
import { GENESIS, sealText } from './hash.ts'
import type { AuditHead } from './types.ts'

export const SEAL_ROWS = 5_000

export interface SealDeps { store: AuditStore; clock: Clock; keyring: Keyring; publish?: (head: AuditHead) => Promise<void> }

/** Makes seals until everything that is visible is covered. A row that becomes visible later, whatever its number, is of a later seal. */
export const sealOnce = async (deps: SealDeps): Promise<number> => {
  let sealed = 0
  for (;;) {
    const n = await sealBatch(deps)
    sealed += n
    if (n < SEAL_ROWS) return sealed
  }
}

const sealBatch = async ({ store, clock, keyring, publish }: SealDeps): Promise<number> => {
  const last = await store.lastSeal()
  const rows = await store.unsealed(SEAL_ROWS)
  const [first, end] = [rows[0]?.seq, rows.at(-1)?.seq]
  if (first === undefined || end === undefined) return 0
  const previous = last?.hash ?? GENESIS
  const seal = { seq: (last?.seq ?? 0) + 1, from_seq: first, to_seq: end, row_count: rows.length, previous, hash: keyring.auditHash(sealText(previous, first, end, rows)), key_id: 'audit', at: clock.now() }
  if (!(await store.seal(seal, rows))) return 0
  await publish?.({ seal: seal.seq, toSeq: end, hash: seal.hash, at: seal.at })
  return rows.length
}
