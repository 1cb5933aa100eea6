import type { Migration } from './builder.ts'

export const messages: Migration = {
  name: '0009-messages',
  async up(b) {
    await b.table('notifications', [
      `id ${b.id} PRIMARY KEY`, `idempotency_key ${b.text(190)}`, `user_id ${b.id}`, `role ${b.text(120)}`, `org ${b.id}`, `channel ${b.text(20)} NOT NULL`,
      `address ${b.longText}`, `title ${b.text(255)}`, `body ${b.longText} NOT NULL`, `entity ${b.text(190)}`, `record_id ${b.id}`,
      // waiting sent failed
      `state ${b.text(20)} NOT NULL`, `attempts ${b.integer} NOT NULL DEFAULT 0`, `error ${b.longText}`,
      `created_at ${b.time} NOT NULL`, `sent_at ${b.time}`, `read_at ${b.time}`,
    ], { u_key: 'idempotency_key', inbox: 'user_id, read_at, created_at, id', record: 'record_id' })
    await b.table('signatures', [
      `id ${b.id} PRIMARY KEY`, `user_id ${b.id} NOT NULL`, `entity ${b.text(190)} NOT NULL`, `purpose ${b.text(190)} NOT NULL`, `frozen ${b.json} NOT NULL`,
      `frozen_hash ${b.text(64)} NOT NULL`, `token_hash ${b.text(64)} NOT NULL`, `created_at ${b.time} NOT NULL`, `expires_at ${b.time} NOT NULL`,
      `file_id ${b.id}`, `drawn_at ${b.time}`, `used_at ${b.time}`,
    ], { u_token: 'token_hash', user: 'user_id, created_at' })
  },
}
