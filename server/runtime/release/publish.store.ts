import type { Definitions, ProcessSource } from '#server/runtime/definitions/index.ts'
import { applyTables, tableOf, type Engine } from '#server/runtime/records/index.ts'

/**
 * Brings the database to a set of definitions: tables and columns are added, never dropped, and every process text is archived
 * by its hash so that running instances keep their version. Answers the statements that were run.
 */
export async function publish(engine: Engine, definitions: Definitions, now: number): Promise<string[]> {
  const done = await applyTables(engine.db, engine.registry.variants().map(tableOf))
  const known = new Set((await engine.db.all<{ version: string }>("SELECT version FROM definitions_versions WHERE family = 'process'")).map((r) => r.version))
  const sources = new Map(Object.values(definitions.programmes).flatMap((p) => Object.values(p.processes)).map((s) => [s.hash, s]))
  for (const s of sources.values()) {
    if (known.has(s.hash)) continue
    await engine.db.insertMany('definitions_versions', ['id', 'programme', 'family', 'version', 'state', 'checksum', 'content', 'created_at', 'published_at'],
      [[Number(engine.ids.next()), s.id.slice(0, 120), 'process', s.hash.slice(0, 60), 'published', s.hash.slice(0, 64), JSON.stringify({ id: s.id, xml: s.xml, called: s.called }), now, now]], { onConflict: 'ignore' })
  }
  return done
}

/** A process text that was published once, with those it calls. */
export async function archivedProcess(engine: Pick<Engine, 'db'>, version: string): Promise<Pick<ProcessSource, 'id' | 'xml' | 'called'> | null> {
  const row = await engine.db.one<{ content: string }>("SELECT content FROM definitions_versions WHERE family = 'process' AND version = ?", [version.slice(0, 60)])
  return row ? (JSON.parse(row.content) as Pick<ProcessSource, 'id' | 'xml' | 'called'>) : null
}
