import type { Keyring } from '#server/platform/crypto.ts'
import type { AuditStore, StoredSeal } from './audit.store.ts'
import { GENESIS, sealText } from './hash.ts'
import { SEAL_ROWS } from './seal.ts'
import type { AuditHead, AuditProblem, AuditVerdict } from './types.ts'

const PAGE = 200

/** Reads the whole chain in order, one seal's rows at a time. */
export const verify = async (store: AuditStore, keyring: Keyring, expected?: AuditHead): Promise<AuditVerdict> => {
  let previous: StoredSeal | undefined
  let seals = 0, rows = 0
  let met = expected === undefined
  for (;;) {
    const page = await store.seals(previous?.seq ?? 0, PAGE)
    for (const seal of page) {
      const what = await check(store, keyring, seal, previous)
      if (what) return { ok: false, seals, rows, problem: { seal: seal.seq, fromSeq: seal.from_seq, toSeq: seal.to_seq, what } }
      seals += 1
      rows += seal.row_count
      previous = seal
      if (expected && seal.seq === expected.seal && seal.hash === expected.hash) met = true
    }
    if (page.length < PAGE) break
  }
  if (!met && expected) return { ok: false, seals, rows, problem: { seal: expected.seal, fromSeq: 1, toSeq: expected.toSeq, what: 'head missing' } }
  return { ok: true, seals, rows, head: previous ? headOf(previous) : null }
}

export const headOf = (s: StoredSeal): AuditHead => ({ seal: s.seq, toSeq: s.to_seq, hash: s.hash, at: s.at })

const check = async (store: AuditStore, keyring: Keyring, seal: StoredSeal, previous: StoredSeal | undefined): Promise<AuditProblem['what'] | undefined> => {
  const follows = seal.seq === (previous?.seq ?? 0) + 1 && seal.previous === (previous?.hash ?? GENESIS)
  if (!follows) return 'chain broken'
  const rows = await store.membersOf(seal.seq, SEAL_ROWS + 1)
  if (rows.length !== seal.row_count) return 'rows missing or added'
  return keyring.auditHash(sealText(seal.previous, seal.from_seq, seal.to_seq, rows)) === seal.hash ? undefined : 'rows changed'
}
