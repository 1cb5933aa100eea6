import { migrations } from './migrations/index.ts'
import type { Queries } from './types.ts'

/** Which core migrations a database has and which are still to come; changes nothing. */
export const migrationStatus = async (db: Queries): Promise<{ applied: string[]; pending: string[] }> => {
  const known: string[] = migrations.map((m) => m.name)
  await db.all('SELECT 1 AS one')
  // answers now, so what fails here is that the table was never made
  const applied: string[] = await db.all<{ name: string }>('SELECT name FROM schema_migrations').then((rows) => rows.map((r) => r.name), (): string[] => [])
  return { applied, pending: known.filter((name) => !applied.includes(name)) }
}
