import type { Db } from '#server/data/index.ts'
import { isAppError } from '#server/platform/errors.ts'
import type { Clock } from '#server/platform/clock.ts'
import { blockHashOf, GENESIS, nextBlock, txHashOf } from './chain.ts'
import type { LedgerPort } from './port.ts'

interface Row { height: number; previous: string; hash: string; entry_key: string; digest: string; tx_hash: string; at: number }
const TRIES = 20

/** A chain of hashes in the own database: each block seals the one before it, so nothing in it can be changed unseen. */
export function embeddedLedger(db: Db, clock: Clock): LedgerPort {
  const append = (key: string, digest: string): Promise<{ row: Pick<Row, 'height' | 'hash' | 'tx_hash' | 'digest'> }> => db.savepoint(async (t) => {
    const known = await t.one<Row>('SELECT * FROM ledger_blocks WHERE entry_key = ?', [key])
    if (known) return { row: known }
    const last = await t.one<Row>(`SELECT height, hash FROM ledger_blocks ORDER BY height DESC LIMIT 1${t.dialect.forUpdate}`)
    const block = nextBlock(last ? { height: Number(last.height), hash: last.hash } : undefined, txHashOf(key, digest), clock.now())
    await t.insertMany('ledger_blocks', ['height', 'previous', 'hash', 'entry_key', 'digest', 'tx_hash', 'at'], [[block.height, block.previous, block.hash, key, digest, block.txHash, block.at]])
    return { row: { height: block.height, hash: block.hash, tx_hash: block.txHash, digest } }
  })
  return {
    async anchor({ key, digest }) {
      for (let i = 0; ; i++) {
        try {
          const { row } = await append(key.slice(0, 190), digest)
          if (row.digest !== digest) return { ok: false, code: 'ANCHORED_OTHERWISE', message: '该内容此前已上链，且与现在的内容不同', retry: false }
          return { ok: true, blockHeight: Number(row.height), blockHash: row.hash, txHash: row.tx_hash }
        } catch (error) {
          // another writer took the same height: its block is now the last one
          if (!isAppError(error, 'DB_UNIQUE') || i >= TRIES) throw error
        }
      }
    },
  }
}

/** Recomputes the whole chain. The first block that does not fit is named. */
export async function verifyLedger(db: Db): Promise<{ ok: boolean; blocks: number; head: string; broken?: { height: number; what: 'block changed' | 'chain broken' | 'entry changed' } }> {
  let previous = GENESIS
  let blocks = 0
  for await (const rows of db.stream<Row>('SELECT * FROM ledger_blocks ORDER BY height')) {
    for (const r of rows) {
      const height = Number(r.height)
      const broken = (what: 'block changed' | 'chain broken' | 'entry changed') => ({ ok: false, blocks, head: previous, broken: { height, what } })
      if (r.previous !== previous || height !== blocks + 1) return broken('chain broken')
      if (txHashOf(r.entry_key, r.digest) !== r.tx_hash) return broken('entry changed')
      if (blockHashOf({ height, previous: r.previous, txHash: r.tx_hash, at: Number(r.at) }) !== r.hash) return broken('block changed')
      previous = r.hash
      blocks++
    }
  }
  return { ok: true, blocks, head: previous }
}
