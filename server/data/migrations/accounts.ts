import type { Migration } from './builder.ts'

/** Users and organisations are entities made from definitions; what proves who somebody is stays here. */
export const accounts: Migration = {
  name: '0008-accounts',
  async up(b) {
    await b.table('credentials', [
      `id ${b.id} PRIMARY KEY`, `user_id ${b.id} NOT NULL`, `portal ${b.text(60)} NOT NULL`, `account ${b.text(120)} NOT NULL`, `hash ${b.text(255)} NOT NULL`,
      `must_change ${b.bool} NOT NULL DEFAULT 0`, `failed ${b.integer} NOT NULL DEFAULT 0`, `locked_until ${b.time}`, `disabled ${b.bool} NOT NULL DEFAULT 0`,
      `second_factor ${b.longText}`, `changed_at ${b.time}`, `created_at ${b.time} NOT NULL`,
    ], { u_account: 'portal, account', user: 'user_id' })
    await b.table('sessions', [
      `token_hash ${b.text(64)} PRIMARY KEY`, `user_id ${b.id} NOT NULL`, `portal ${b.text(60)}`, `csrf ${b.text(64)} NOT NULL`, `data ${b.json}`, `second_factor_at ${b.time}`,
      `created_at ${b.time} NOT NULL`, `seen_at ${b.time} NOT NULL`, `expires_at ${b.time} NOT NULL`, `ip ${b.text(64)}`, `agent ${b.text(255)}`,
    ], { user: 'user_id', expiry: 'expires_at' })
    await b.table('login_attempts', [
      `id ${b.id} PRIMARY KEY`, `what ${b.text(60)} NOT NULL`, `account ${b.text(190)}`, `ip ${b.text(64)}`, `at ${b.time} NOT NULL`, `ok ${b.bool} NOT NULL`,
    ], { account: 'what, account, at', ip: 'what, ip, at', at: 'at' })
  },
}
