import type { Migration } from './builder.ts'

/** Tokens of programs that use the REST resource for a person; only their hashes are kept. */
export const apiTokens: Migration = {
  name: '0013-api-tokens',
  async up(b) {
    await b.table('api_tokens', [
      `id ${b.id} PRIMARY KEY`, `token_hash ${b.text(64)} NOT NULL`, `user_id ${b.id} NOT NULL`, `programme ${b.text(120)} NOT NULL`, `role ${b.text(120)} NOT NULL`,
      // read write
      `scope ${b.text(20)} NOT NULL`, `title ${b.text(120)} NOT NULL`, `created_at ${b.time} NOT NULL`, `expires_at ${b.time} NOT NULL`, `used_at ${b.time}`, `revoked_at ${b.time}`,
    ], { u_hash: 'token_hash', user: 'user_id, created_at' })
  },
}
