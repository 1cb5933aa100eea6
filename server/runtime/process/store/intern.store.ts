import { createHash } from 'node:crypto'
import type { Engine } from '#server/runtime/records/index.ts'
import type { Marking } from '../core/index.ts'

/** Markings never change once interned: what is known of them holds as long as their database is open. */
interface Interned { markings: Map<string, Marking>; ids: Map<string, string> }
const caches = new WeakMap<object, Interned>()
const MOST = 20_000

function internedIn(engine: Engine): Interned {
  let known = caches.get(engine.db)
  if (!known) caches.set(engine.db, (known = { markings: new Map(), ids: new Map() }))
  return known
}
function put<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= MOST) map.clear()
  map.set(key, value)
}

/** Ids of markings, one row for all instances of a version that stand alike; new ones are written. */
export async function internMarkings(engine: Engine, wanted: readonly { version: string; marking: Marking }[]): Promise<string[]> {
  const out: string[] = []
  // instances of a set that went the same way share the object
  const texts = new Map<Marking, string>()
  const own = new Map<string, string>()
  const { ids } = internedIn(engine)
  for (const { version, marking } of wanted) {
    let tokens = texts.get(marking)
    if (tokens === undefined) texts.set(marking, (tokens = JSON.stringify(marking)))
    const key = `${version}|${tokens}`
    let id = own.get(key) ?? ids.get(key)
    if (id === undefined) {
      const made = id = await findOrMake(engine, version, tokens)
      own.set(key, id)
      // a row of a transaction that is undone is gone
      engine.db.onCommit(() => { put(ids, key, made) })
    }
    out.push(id)
  }
  return out
}

async function findOrMake(engine: Engine, version: string, tokens: string): Promise<string> {
  const hash = createHash('sha256').update(tokens).digest('hex')
  const find = () => engine.db.one<{ id: number }>('SELECT id FROM process_markings WHERE process_version = ? AND hash = ?', [version, hash])
  let row = await find()
  if (!row) {
    await engine.db.insertMany('process_markings', ['id', 'process_version', 'hash', 'tokens'], [[Number(engine.ids.next()), version, hash, tokens]], { onConflict: 'ignore' })
    row = await find()
  }
  return String(row!.id)
}

/** Markings by id; those that are not known yet are read at once. */
export async function markingsOf(engine: Engine, wanted: Iterable<string>): Promise<Map<string, Marking>> {
  const { markings } = internedIn(engine)
  const out = new Map<string, Marking>()
  const missing: string[] = []
  for (const id of new Set(wanted)) {
    const known = markings.get(id)
    if (known) out.set(id, known)
    else missing.push(id)
  }
  for (let i = 0; i < missing.length; i += 2000) {
    const where = engine.db.idsIn('id', missing.slice(i, i + 2000))
    for (const r of await engine.db.all<{ id: number; tokens: string }>(`SELECT id, tokens FROM process_markings WHERE ${where.sql}`, where.params)) {
      const marking = JSON.parse(r.tokens) as Marking
      put(markings, String(r.id), marking)
      out.set(String(r.id), marking)
    }
  }
  return out
}
