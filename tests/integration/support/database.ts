import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownSchema } from '#server/cli/scenario/own-database.ts'
import { migrate, openDatabase, type Db } from '#server/data/index.ts'

export interface TestDatabase {
  db: Db
  /** what a second process needs to open the same database */
  url: string
  /** a folder of its own for files */
  dir: string
  close(): Promise<void>
}

/** A fresh, migrated database: a SQLite file, or a schema on the server named by CERTFLOW_TEST_MYSQL. */
export const testDatabase = async (options: { migrate?: boolean } = {}): Promise<TestDatabase> => {
  const dir = await mkdtemp(join(tmpdir(), 'certflow-'))
  const server = process.env.CERTFLOW_TEST_MYSQL
  const { url, drop } = server ? await ownSchema(server) : { url: `sqlite:${join(dir, 'test.sqlite')}`, drop: async () => undefined }
  const db = await openDatabase({ url, poolSize: 8 })
  if (options.migrate !== false) await migrate(db)
  return { db, url, dir, close: async () => { await db.close(); await drop(); await rm(dir, { recursive: true, force: true }) } }
}
