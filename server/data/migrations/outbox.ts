import type { Migration } from './builder.ts'

/** What waits to leave the house is found without reading what has left. States: waiting, sent, failed, outbox (kept, no gateway is configured). */
export const outbox: Migration = {
  name: '0012-outbox',
  async up(b) { await b.index('notifications', 'queue', 'state, created_at, id') },
}
