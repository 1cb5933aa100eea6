import type { Umzug } from 'umzug'
import { AppError } from '../platform/errors.ts'
import { builder } from './migrations/builder.ts'
import { migrations } from './migrations/index.ts'
import type { Db, Queries } from './types.ts'

const LOCK = 'certflow-migrate'

/**
 * Brings the core tables up to date; returns the names that were applied. Two processes may call it at once: the second
 * waits and finds nothing to do. On SQLite all of it is one transaction; MySQL commits each DDL statement by itself.
 */
export const migrate = (db: Db): Promise<string[]> => db.tx(async (t) => {
  const mysql = t.dialect.name === 'mysql'
  if (mysql) await lock(t)
  try {
    await t.run(`CREATE TABLE IF NOT EXISTS schema_migrations (name ${t.dialect.types.text(190)} PRIMARY KEY)${t.dialect.types.tableOptions}`)
    const known = await executed(t)
    if (migrations.every((m) => known.includes(m.name))) return []
    const applied = await (await umzug(t)).up().catch((e: unknown) => { throw failed(e) })
    return applied.map((m) => m.name)
  } finally { if (mysql) await t.all('SELECT RELEASE_LOCK(?)', [LOCK]) }
})

const executed = async (t: Queries): Promise<string[]> => (await t.all<{ name: string }>('SELECT name FROM schema_migrations ORDER BY name')).map((r) => r.name)

const umzug = async (t: Queries): Promise<Umzug<Queries>> => {
  const context = builder(t)
  // needed by the first start of a release alone
  const { Umzug } = await import('umzug')
  return new Umzug<Queries>({
    migrations: migrations.map((m) => ({ name: m.name, up: () => m.up(context) })),
    context: t,
    storage: {
      executed: () => executed(t),
      logMigration: async ({ name }) => { await t.run('INSERT INTO schema_migrations (name) VALUES (?)', [name]) },
      unlogMigration: async ({ name }) => { await t.run('DELETE FROM schema_migrations WHERE name = ?', [name]) },
    },
    logger: undefined,
  })
}

const lock = async (t: Queries): Promise<void> => {
  const row = await t.one<{ got: number | null }>('SELECT GET_LOCK(?, 60) AS got', [LOCK])
  if (row?.got !== 1) throw new AppError('MIGRATION_FAILED', { name: LOCK, reason: 'another process has been migrating for 60 s' })
}

const failed = (e: unknown): AppError => {
  const name = (e as { migration?: { name?: string } }).migration?.name ?? ''
  const cause = e instanceof Error && e.cause instanceof Error ? e.cause : e
  return new AppError('MIGRATION_FAILED', { name, reason: cause instanceof Error ? cause.message : String(cause) }, { cause: e })
}
