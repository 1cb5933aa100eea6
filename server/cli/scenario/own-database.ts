import { randomBytes } from 'node:crypto'
import { openDatabase } from '#server/data/index.ts'

export interface OwnDatabase { url: string; drop(): Promise<void> }

/** A schema of its own on the MySQL server that the address names; dropped after use. */
export const ownSchema = async (server: string): Promise<OwnDatabase> => {
  const name = `certflow_scenario_${randomBytes(6).toString('hex')}`
  const administer = async (sql: string): Promise<void> => {
    const db = await openDatabase({ url: server, poolSize: 1 })
    try { await db.run(sql) } finally { await db.close() }
  }
  await administer(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.toString(), drop: () => administer(`DROP DATABASE ${name}`) }
}
