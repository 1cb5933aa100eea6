import type { Engine } from '#server/runtime/records/index.ts'
import { waits, type Marking, type Wait } from '../core/index.ts'
import type { ProcessCatalogue } from './catalogue.ts'

/** What waits at a marking never changes: versions and markings are immutable. */
const known = new WeakMap<object, Map<string, Wait[]>>()

/**
 * Ids of the markings at which a signal is waited for, also as a start. Instances that stand alike share one, so who listens is found in
 * a small table, however many instances there are.
 */
export async function markingsWaitingFor(engine: Engine, catalogue: ProcessCatalogue, signal: string): Promise<string[]> {
  const { db } = engine
  const cache = known.get(db) ?? new Map<string, Wait[]>()
  known.set(db, cache)
  const out: string[] = []
  for (const { process_version: version } of await db.all<{ process_version: string }>('SELECT DISTINCT process_version FROM process_markings', [])) {
    const process = await catalogue.find(version)
    if (!process) { await assertUnused(engine, version); continue }
    if (!Object.values(process.compiled.elements).some((e) => e.signal === signal)) continue
    for (const row of await db.all<{ id: number; tokens: string | null }>('SELECT id, tokens FROM process_markings WHERE process_version = ?', [version])) {
      const id = String(row.id)
      let open = cache.get(id)
      if (!open) cache.set(id, (open = waits(process.compiled, { marking: JSON.parse(row.tokens ?? '{}') as Marking, variables: {} })))
      if (open.some((w) => w.kind === 'signal' && w.name === signal)) out.push(id)
    }
  }
  return out
}

/** A version that is gone may have left markings behind, but no instance that still runs. */
async function assertUnused(engine: Engine, version: string): Promise<void> {
  const running = await engine.db.one('SELECT id FROM process_instances WHERE version = ? AND ended IS NULL LIMIT 1', [version])
  if (running) throw new Error(`process version ${version} has running instances and is neither published nor archived: publish the package that holds it again`)
}
