import { setTimeout as delay } from 'node:timers/promises'
import { refusal } from '#server/platform/errors.ts'
import { noteAttempt, waitSeconds } from '#server/runtime/accounts/index.ts'
import { auditEvent, type Audit } from '#server/runtime/audit/index.ts'
import type { EntityDef, LookupDef, ProgrammeDef } from '#server/runtime/definitions/index.ts'
import { factsFor, say, type Engine } from '#server/runtime/records/index.ts'
import type { Actor, Call, Lang, Result } from '../context.ts'
import { findRecord, keyValues } from './find-record.ts'
import { showRecord, type ShownRow } from './show-record.ts'

export interface LookupParts { core: { engine: Engine; call(actor: Actor): Call }; audit?: Audit; /** ms that every answer takes at least (default 150) */ floorMs?: number }
export interface LookupAsker { address: string; lang: Lang }
const WINDOW = { windowMs: 15 * 60_000, perKey: 5, perAddress: 30 }
const FLOOR_MS = 150

const somebody = (programme: ProgrammeDef, lang: Lang): Actor => ({
  userId: '', account: '', name: '', role: 'public', roleTitle: '', portal: 'public', orgId: null, orgName: '', programme: programme.id, lang, mustChangePassword: false,
})

/**
 * Finds one record by secret keys for somebody who has not signed in. Unknown, wrong and forbidden have one message and take the same
 * time; after five misses of a first key or thirty of an address within a quarter of an hour nothing is looked up any more.
 */
export async function askLookup(parts: LookupParts, programme: ProgrammeDef, def: EntityDef, id: string, keys: Record<string, string>, asker: LookupAsker): Promise<Result<{ rows: ShownRow[] }>> {
  const lookup = Object.hasOwn(def.form.lookups, id) ? def.form.lookups[id] : undefined
  if (!lookup?.public) return { ok: false, code: 'NOT_FOUND', status: 404, problems: [refusal('NOT_FOUND', { what: '查询', id })] }
  const { engine } = parts.core
  const rule = { ...WINDOW, what: `lookup ${def.id}.${id}`.slice(0, 60) }
  const first = String(Object.hasOwn(keys, Object.keys(lookup.keys)[0] ?? '') ? keys[Object.keys(lookup.keys)[0]!] : '')
  const known = engine.sealing.blind('lookup', first.slice(0, 200).toUpperCase())
  const wait = await waitSeconds(engine, rule, known, asker.address)
  if (wait > 0) return { ok: false, code: 'THROTTLED', status: 429, problems: [refusal('THROTTLED', { seconds: wait })] }
  const call = { ...parts.core.call(somebody(programme, asker.lang)), programme }
  // the floor hides whether there was something to show
  const [rows] = await Promise.all([answer(parts, call, def, id, lookup, keys, { address: asker.address, known, what: rule.what }), delay(parts.floorMs ?? FLOOR_MS)])
  return rows ? { ok: true, rows } : { ok: false, code: 'LOOKUP_FAILED', status: 404, problems: [{ code: 'LOOKUP_FAILED', message: say(lookup.message, asker.lang) }] }
}

async function answer(parts: LookupParts, call: Call, def: EntityDef, id: string, lookup: LookupDef, keys: Record<string, string>, from: { address: string; known: string; what: string }): Promise<ShownRow[] | null> {
  const { engine } = parts.core
  const loader = factsFor(engine, call)
  const values = keyValues(def, lookup, keys)
  const found = values ? await findRecord(call, loader, def, lookup, values) : null
  const rows = found ? await showRecord(call, loader, def, lookup, found) : null
  await engine.db.tx(async (t) => {
    await noteAttempt(engine, from.what, from.known, from.address, rows !== null)
    await parts.audit?.write(t, auditEvent.lookup({ entity: def.id, lookup: id, record: found }, from.address))
  })
  return rows
}
