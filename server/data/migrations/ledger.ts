import type { Migration } from './builder.ts'

/** The embedded ledger: append-only, each block seals the one before it. */
export const ledger: Migration = {
  name: '0010-ledger',
  async up(b) {
    await b.table('ledger_blocks', [
      `height ${b.integer} PRIMARY KEY`, `previous ${b.text(64)} NOT NULL`, `hash ${b.text(64)} NOT NULL`, `entry_key ${b.text(190)} NOT NULL`,
      `digest ${b.text(128)} NOT NULL`, `tx_hash ${b.text(64)} NOT NULL`, `at ${b.time} NOT NULL`,
    ], { u_key: 'entry_key', u_tx: 'tx_hash' })
  },
}
