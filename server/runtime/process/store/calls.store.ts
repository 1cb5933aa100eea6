import type { SqlValue } from '#server/data/index.ts'
import type { Engine } from '#server/runtime/records/index.ts'
import type { Instance } from './instances.store.ts'

/** One thing a token waits for: `call` is new with every try, `key` is the same for the same work. */
export interface OpenCall { instance: string; token: number; element: string; call: string; key: string; detail: unknown }
export interface Held { instance: Pick<Instance, 'id'>; token: number; element: string }

const at = (instance: string, token: number, element: string): string => `${instance}|${token}|${element}`
interface Row { instance_id: number; token: number; element: string; call_id: number; work_key: string; detail: string | null }
const COLUMNS = 'instance_id, token, element, call_id, work_key, detail'
const toCall = (r: Row): OpenCall => ({ instance: String(r.instance_id), token: Number(r.token), element: r.element, call: String(r.call_id), key: r.work_key, detail: r.detail === null ? null : JSON.parse(r.detail) as unknown })

async function byInstances(engine: Engine, ids: string[]): Promise<Map<string, OpenCall>> {
  const out = new Map<string, OpenCall>()
  for (let i = 0; i < ids.length; i += 2000) {
    const where = engine.db.idsIn('instance_id', ids.slice(i, i + 2000))
    for (const r of await engine.db.all<Row>(`SELECT ${COLUMNS} FROM process_calls WHERE ${where.sql}`, where.params)) { const c = toCall(r); out.set(at(c.instance, c.token, c.element), c) }
  }
  return out
}

/** Notes that these tokens wait; what is tried again keeps its key, so that the outside knows it for the same work. */
export async function openCalls(engine: Engine, now: number, held: (Held & { detail?: unknown })[]): Promise<OpenCall[]> {
  if (held.length === 0) return []
  const known = await byInstances(engine, [...new Set(held.map((h) => h.instance.id))])
  const calls = held.map((h): OpenCall => {
    const call = engine.ids.next()
    return { instance: h.instance.id, token: h.token, element: h.element, call, key: known.get(at(h.instance.id, h.token, h.element))?.key ?? `${h.element}/${call}`.slice(-120), detail: h.detail ?? null }
  })
  const rows = calls.map((c): SqlValue[] => [Number(c.instance), c.token, c.element, Number(c.call), c.key, c.detail === null ? null : JSON.stringify(c.detail), now])
  await engine.db.insertMany('process_calls', ['instance_id', 'token', 'element', 'call_id', 'work_key', 'detail', 'created_at'], rows,
    { onConflict: { keys: ['instance_id', 'token', 'element'], update: ['call_id', 'detail', 'created_at'] } })
  return calls
}

/** Those of the calls that are still waited for, locked where the database can. */
export async function stillOpen(engine: Engine, calls: string[]): Promise<Map<string, OpenCall>> {
  const out = new Map<string, OpenCall>()
  const lock = engine.db.inTx() ? engine.db.dialect.forUpdate : ''
  for (let i = 0; i < calls.length; i += 2000) {
    const where = engine.db.idsIn('call_id', calls.slice(i, i + 2000))
    for (const r of await engine.db.all<Row>(`SELECT ${COLUMNS} FROM process_calls WHERE ${where.sql}${lock}`, where.params)) out.set(String(r.call_id), toCall(r))
  }
  return out
}

/** Answered, or given up: what comes later is void. */
export async function closeCalls(engine: Engine, held: Held[]): Promise<void> {
  if (held.length === 0) return
  const known = await byInstances(engine, [...new Set(held.map((h) => h.instance.id))])
  const gone = held.flatMap((h) => known.get(at(h.instance.id, h.token, h.element)) ?? [])
  for (let i = 0; i < gone.length; i += 2000) {
    const where = engine.db.idsIn('call_id', gone.slice(i, i + 2000).map((c) => c.call))
    await engine.db.run(`DELETE FROM process_rows WHERE ${where.sql}`, where.params)
    await engine.db.run(`DELETE FROM process_calls WHERE ${where.sql}`, where.params)
  }
}
