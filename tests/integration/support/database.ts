import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  const { url, drop } = server ? await schema(server) : { url: `sqlite:${join(dir, 'test.sqlite')}`, drop: async () => undefined }
  const db = await openDatabase({ url, poolSize: 8 })
  if (options.migrate !== false) await migrate(db)
  return { db, url, dir, close: async () => { await db.close(); await drop(); await rm(dir, { recursive: true, force: true }) } }
}

const schema = async (server: string): Promise<{ url: string; drop: () => Promise<void> }> => {
  const name = `certflow_${randomBytes(6).toString('hex')}`
  const admin = async (sql: string): Promise<void> => {
    const db = await openDatabase({ url: server, poolSize: 1 })
    try { await db.run(sql) } finally { await db.close() }
  }
  await admin(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.toString(), drop: () => admin(`DROP DATABASE ${name}`) }
}
