import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '#server/data/index.ts'

export interface Server { url: string; start(): Promise<void>; kill(): Promise<void>; stop(): Promise<void> }

/** Servers that scripts start for tests; those scripts are plain JavaScript. */
const lib = async <T>(name: string): Promise<T> => await import(new URL(`../../../scripts/lib/${name}`, import.meta.url).href) as T
export const startMariaDb = async (): Promise<Server> => (await lib<{ startMariaDb(options: { durable: boolean }): Promise<Server> }>('mariadb.mjs')).startMariaDb({ durable: true })
export const prepareRedis = async (): Promise<Server> => (await lib<{ prepareRedis(): Promise<Server> }>('redis.mjs')).prepareRedis()

/** Statements as the administrator of the server. */
export const administer = async (server: Server, ...statements: string[]): Promise<void> => {
  const db = await openDatabase({ url: server.url, poolSize: 1 })
  // outside any transaction, where settings of the server may be changed
  try { for (const sql of statements) await db.all(sql) } finally { await db.close() }
}

/** A schema with a user who, unlike the administrator, is bound by read_only. */
export const schemaFor = async (server: Server, name: string): Promise<string> => {
  await administer(server, `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`, `CREATE USER 'app'@'%' IDENTIFIED BY 'app'`, `GRANT ALL ON ${name}.* TO 'app'@'%'`)
  const url = new URL(server.url)
  url.username = 'app'
  url.password = 'app'
  url.pathname = `/${name}`
  return url.toString()
}

export const workFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'certflow-outage-'))
