import type { Db } from './data/index.ts'
import { buildId } from './platform/build-id.ts'
import { fingerprint } from './runtime/definitions/index.ts'

const NAME = 'definitions.files'
interface Known { print: string; version: string }

/** Names the files as they stand and the product that reads them; null where the product may change by itself. */
export async function printOf(folder: string): Promise<string | null> {
  const build = buildId()
  return build === null ? null : `${build}.${await fingerprint([folder])}`
}

/** The version that these very files were resolved to, by this very product, when they were without errors. */
export async function versionOf(db: Db, print: string): Promise<string | null> {
  const row = await db.one<{ value: string }>('SELECT value FROM settings WHERE name = ?', [NAME])
  const known = row ? JSON.parse(row.value) as Known : null
  return known?.print === print ? known.version : null
}

export async function rememberFiles(db: Db, print: string, version: string, now: number): Promise<void> {
  await db.insertMany('settings', ['name', 'value', 'updated_at'], [[NAME, JSON.stringify({ print, version } satisfies Known), now]], { onConflict: { keys: ['name'], update: ['value', 'updated_at'] } })
}
