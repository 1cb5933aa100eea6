import type { Migration } from './builder.ts'

/** What tokens wait for outside their step: operations and large effects. A token that was interrupted has no row, so a late result is void. */
export const calls: Migration = {
  name: '0011-process-calls',
  async up(b) {
    await b.table('process_calls', [
      `instance_id ${b.id} NOT NULL`, `token ${b.integer} NOT NULL`, `element ${b.text(120)} NOT NULL`, `call_id ${b.id} NOT NULL`,
      // the same however often the work is tried again
      `work_key ${b.text(120)} NOT NULL`, `detail ${b.json}`, `created_at ${b.time} NOT NULL`, 'PRIMARY KEY (instance_id, token, element)',
    ], { call: 'call_id' })
    // rows of a set that is too large for a job's payload
    await b.table('process_rows', [
      `call_id ${b.id} NOT NULL`, `list ${b.text(120)} NOT NULL`, `position ${b.integer} NOT NULL`, `grp ${b.integer} NOT NULL DEFAULT 0`, `data ${b.json} NOT NULL`, 'PRIMARY KEY (call_id, list, position)',
    ], { grp: 'call_id, list, grp' })
  },
}
