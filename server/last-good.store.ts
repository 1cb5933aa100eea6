import type { Db } from './data/index.ts'
import type { Ids } from './platform/ids.ts'
import { packDefinitions, unpackDefinitions, type Definitions } from './runtime/definitions/index.ts'

const FAMILY = 'all'
/** The newest version of all definitions that was without errors; running processes fall back to it. */
export async function lastGood(db: Db, version?: string): Promise<Definitions | null> {
  const row = version === undefined
    ? await db.one<{ content: string }>("SELECT content FROM definitions_versions WHERE family = ? AND state = 'published' ORDER BY published_at DESC, id DESC LIMIT 1", [FAMILY])
    : await db.one<{ content: string }>('SELECT content FROM definitions_versions WHERE family = ? AND version = ?', [FAMILY, version.slice(0, 60)])
  return row ? unpackDefinitions(row.content) : null
}
export async function isKnownGood(db: Db, version: string): Promise<boolean> {
  return (await db.one("SELECT id FROM definitions_versions WHERE family = ? AND version = ?", [FAMILY, version.slice(0, 60)])) !== undefined
}
/** Keeps a version whole, or makes a kept one the newest again: also when the clock stands before that of an earlier start, as that of a demo may. */
export async function keepGood(db: Db, ids: Ids, definitions: Definitions, now: number): Promise<void> {
  const version = definitions.version.slice(0, 60)
  const latest = await db.one<{ at: number | null }>('SELECT MAX(published_at) AS at FROM definitions_versions WHERE family = ? AND version <> ?', [FAMILY, version])
  const at = Math.max(now, Number(latest?.at ?? 0) + 1)
  if (await isKnownGood(db, version)) { await db.run('UPDATE definitions_versions SET published_at = ? WHERE family = ? AND version = ?', [at, FAMILY, version]); return }
  await db.insertMany('definitions_versions', ['id', 'programme', 'family', 'version', 'state', 'checksum', 'content', 'created_at', 'published_at'],
    [[ids.next(), FAMILY, FAMILY, version, 'published', definitions.version.slice(0, 64), packDefinitions(definitions), now, at]], { onConflict: 'ignore' })
}
