import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { openDatabase } from '#server/data/index.ts'
import type { DatabaseKind } from './types.ts'

const STARTER = '../../scripts/lib/mariadb.mjs'
type After = (undo: () => Promise<unknown>) => void
let server: Promise<{ url: string; stop(): Promise<void> }> | undefined
let made = 0

/** A private server, started once per process. */
async function mariaDb(after: After): Promise<string> {
  if (!server) {
    const { startMariaDb } = await import(STARTER) as { startMariaDb(): Promise<{ url: string; stop(): Promise<void> }> }
    server = startMariaDb()
    after(async () => (await server!).stop())
  }
  return (await server).url
}

/** An empty schema of its own on a server, by the administrator's address. */
export async function freshSchema(admin: string): Promise<string> {
  const name = `bench_${randomBytes(6).toString('hex')}`
  const db = await openDatabase({ url: admin, poolSize: 1 })
  try { await db.run(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`) } finally { await db.close() }
  const url = new URL(admin)
  url.pathname = `/${name}`
  return url.toString()
}

/** An empty database of each kind that is asked for. */
export async function freshDatabases(dir: string, kinds: string[], after: After, say: (text: string) => void): Promise<{ kind: DatabaseKind; url: string }[]> {
  const out: { kind: DatabaseKind; url: string }[] = []
  if (kinds.includes('sqlite')) {
    const folder = join(dir, `sqlite-${++made}`)
    await mkdir(folder)
    out.push({ kind: 'sqlite', url: `sqlite:${join(folder, 'bench.sqlite')}` })
  }
  if (kinds.includes('mariadb')) {
    say('starting MariaDB')
    out.push({ kind: 'mariadb', url: await freshSchema(await mariaDb(after)) })
  }
  return out
}

/** Another database with the same tables and rows; nobody may have it open meanwhile. */
export async function copyDatabase(url: string): Promise<string> {
  if (url.startsWith('sqlite:')) {
    const to = `${url.slice(7)}.${++made}.sqlite`
    const db = new DatabaseSync(url.slice(7))
    try { db.exec(`VACUUM INTO '${to}'`) } finally { db.close() }
    return `sqlite:${to}`
  }
  const from = new URL(url).pathname.slice(1)
  const to = await freshSchema(url)
  const db = await openDatabase({ url: to, poolSize: 1 })
  const name = new URL(to).pathname.slice(1)
  try {
    const tables = await db.all<{ t: string }>('SELECT table_name AS t FROM information_schema.tables WHERE table_schema = ?', [from])
    for (const { t } of tables) {
      await db.run(`CREATE TABLE ${name}.${t} LIKE ${from}.${t}`)
      await db.run(`INSERT INTO ${name}.${t} SELECT * FROM ${from}.${t}`)
    }
  } finally { await db.close() }
  return to
}
