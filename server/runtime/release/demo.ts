import type { DemoSet, SeedRecords } from '#server/runtime/definitions/index.ts'

/** A demo set's users as seed records, and the passwords to be set for them. */
export function demoRecords(demo: DemoSet): { sets: SeedRecords[]; passwords: { user: string; account: string; password: string }[] } {
  const users: SeedRecords = {
    entity: 'core/user', file: demo.file, key: ['account'],
    records: Object.fromEntries(Object.entries(demo.users).map(([name, u]) => [name, Object.fromEntries(Object.entries(u).filter(([k]) => k !== 'password'))])),
  }
  const passwords = Object.entries(demo.users).flatMap(([user, u]) => (typeof u['password'] === 'string' ? [{ user, account: String(u['account']), password: u['password'] }] : []))
  return { sets: [users, ...demo.records], passwords }
}
