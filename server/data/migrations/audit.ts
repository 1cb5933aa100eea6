import type { Migration } from './builder.ts'

/** Rows are written unchained; a seal covers from_seq..to_seq and carries the hash of the seal before it. */
export const audit: Migration = {
  name: '0006-audit',
  async up(b) {
    await b.table('audit', [
      `seq ${b.serial}`, `at ${b.time} NOT NULL`, `actor_id ${b.id}`, `actor_role ${b.text(120)}`, `actor_org ${b.id}`, `ip ${b.text(64)}`,
      `action ${b.text(120)} NOT NULL`, `entity ${b.text(190)}`, `record_id ${b.id}`, `detail ${b.json}`,
    ], { record: 'record_id, seq', actor: 'actor_id, at', action: 'action, at' })
    await b.table('audit_seals', [
      `seq ${b.integer} PRIMARY KEY`, `from_seq ${b.integer} NOT NULL`, `to_seq ${b.integer} NOT NULL`, `row_count ${b.integer} NOT NULL`,
      `previous ${b.text(64)} NOT NULL`, `hash ${b.text(64)} NOT NULL`, `key_id ${b.text(40)} NOT NULL`, `at ${b.time} NOT NULL`,
    ], { to: 'to_seq' })
  },
}
