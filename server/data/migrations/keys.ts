import { NODES } from '../../platform/ids.ts'
import type { Migration } from './builder.ts'

/** Uniqueness, numbering and counting that work alike on every database. */
export const keys: Migration = {
  name: '0007-keys',
  async up(b) {
    await b.table('unique_keys', [
      `scope ${b.text(190)} NOT NULL`, `hash ${b.text(64)} NOT NULL`, `entity ${b.text(190)} NOT NULL`, `record_id ${b.id} NOT NULL`, 'PRIMARY KEY (scope, hash)',
    ], { record: 'record_id' })
    await b.table('sequences', [`name ${b.text(190)} PRIMARY KEY`, `value ${b.integer} NOT NULL`])
    // delta rows (+n, -n) without a hot row; a job compacts them
    await b.table('entity_counts', [
      `id ${b.serial}`, `entity ${b.text(190)} NOT NULL`, `program ${b.text(120)} NOT NULL`, `scope ${b.text(120)} NOT NULL`, `status ${b.text(120)} NOT NULL`, `n ${b.integer} NOT NULL`,
    ], { sum: 'entity, program, scope, status, n' })
    await b.table('node_leases', [`node ${b.integer} PRIMARY KEY`, `owner ${b.text(64)} NOT NULL`, `lease_until ${b.time} NOT NULL`, `reached ${b.time} NOT NULL`])
    // all rows exist, so that a lease can lock them on every database
    await b.run(`INSERT INTO node_leases (node, owner, lease_until, reached) VALUES ${Array.from({ length: NODES }, (_, n) => `(${n}, '', 0, 0)`).join(', ')}`)
  },
}
