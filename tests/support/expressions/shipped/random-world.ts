import type { Random } from '#server/platform/random.ts'
import type { Db, SqlValue } from '#server/data/index.ts'
import type { EntityDef, ProgrammeDef, PropertyDef } from '#server/runtime/definitions/index.ts'
import { encode, linksOf, storedProperties } from '#server/runtime/records/schema/codec.ts'
import { refill, scopeColumnsOf } from '#server/runtime/records/schema/scope-columns.ts'
import { isReadCompute, type RecordData, type Sealing } from '#server/runtime/records/index.ts'

export const NOW = Date.parse('2026-05-20T09:30:00+08:00')
export const ROWS = 6
const MINUTE = 60_000
const DAY = 86_400_000
const WORDS = ['', 'a', 'A', 'ab', '数', '数字', '𠮷', 'a ', '0', '1', '44', '110101200001011237']
const NUMBERS = [0, 1, 2, 3, 10, 59.99, 60, 60.01, 100, -1]
const SHIFTS = [0, 0, MINUTE, -MINUTE, DAY, -DAY, 3 * DAY, -30 * DAY, 400 * DAY]

export interface WorldContext { db: Db; sealing: Sealing; random: Random; programme: ProgrammeDef }

/** Ids are the same in every table, so that every reference leads somewhere or, one beyond the last, nowhere. */
export const idOf = (n: number): string => String(n + 1)
const pick = <T>(random: Random, list: readonly T[]): T => list[random.int(0, list.length)]!
const reference = (random: Random): string => idOf(random.int(0, ROWS + 1))

/** A value of the property's kind, or none; what the definition lists is met often. */
export function valueOf(random: Random, p: PropertyDef): unknown {
  if (random.int(0, 4) === 0) return undefined
  const listed = p.enum ?? (p.states ? Object.keys(p.states) : undefined)
  if (listed && listed.length > 0) return pick(random, listed)
  switch (p.kind) {
    case 'boolean': return random.int(0, 2) === 1
    case 'integer': return Math.trunc(pick(random, NUMBERS))
    case 'number': return Number(pick(random, NUMBERS).toFixed(p.scale ?? 0))
    case 'date-time': return new Date(NOW + pick(random, SHIFTS)).toISOString()
    case 'date': return new Date(NOW + pick(random, SHIFTS)).toISOString().slice(0, 10)
    case 'time': return pick(random, ['00:00:00', '09:30:00', '23:59:59'])
    case 'ref': case 'file': return reference(random)
    case 'array': return p.items ? several(random, p.items) : []
    case 'object': return Object.fromEntries(Object.values(p.properties ?? {}).map((c) => [c.name, valueOf(random, c)] as const).filter(([, v]) => v !== undefined))
    default: return pick(random, WORDS)
  }
}
function several(random: Random, items: PropertyDef): unknown[] {
  const list = Array.from({ length: random.int(0, 3) }, () => valueOf(random, items)).filter((v) => v !== undefined)
  return items.ref ? [...new Set(list)] : list
}

/** Fills the tables of a programme's entities anew. */
export async function fillWorld(ctx: WorldContext): Promise<void> {
  const { db, random, sealing, programme } = ctx
  const entities = [...new Map(Object.values(programme.entities).map((e) => [e.table, e])).values()]
  await db.tx(async () => {
    for (const def of entities) {
      await db.run(`DELETE FROM ${def.table}`)
      for (const p of storedLinks(def)) await db.run(`DELETE FROM ${p}`)
      const { columns } = storedProperties(def)
      const names = ['id', 'program', 'org', 'org_l1', 'org_l2', 'org_l3', 'status', 'rev', 'created_by', 'created_at', 'updated_at', ...columns.map((c) => c.name), 'data']
      const rows = Array.from({ length: ROWS }, (_, n) => rowOf(ctx, def, idOf(n)))
      await db.insertMany(def.table, names, rows.map(({ id, data, status }): SqlValue[] => {
        const values = encode(def, id, data, sealing)
        const org = (): SqlValue => (random.int(0, 4) === 0 ? null : Number(reference(random)))
        return [Number(id), def.home === 'programme' ? programme.id : '', org(), org(), org(), org(), status, 1, org(), NOW + pick(random, SHIFTS), NOW, ...columns.map((c) => values[c.name] ?? null), values['data'] ?? null]
      }))
      for (const { id, data } of rows) for (const l of linksOf(def, id, data)) await db.insertMany(l.table, ['owner_id', 'position', 'target_id', 'value'], [[Number(l.owner), l.position, l.target === null ? null : Number(l.target), l.value]])
    }
    // what rows keep of others' references, once all are there
    for (const def of new Set(Object.values(programme.entities))) for (const column of scopeColumnsOf([def])) await db.run(refill(db.dialect, [column], '1 = 1'), [])
  })
}
const storedLinks = (def: EntityDef): string[] => [...new Set(walkLinks(Object.values(def.properties)))]
function* walkLinks(properties: PropertyDef[]): Generator<string> {
  for (const p of properties) {
    if (p.linkTable) yield p.linkTable
    if (p.kind === 'object') yield* walkLinks(Object.values(p.properties ?? {}))
  }
}

function rowOf({ random }: WorldContext, def: EntityDef, id: string): { id: string; data: RecordData; status: string | null } {
  const status = def.properties['status']
  const states = status && !isReadCompute(status) ? Object.keys(status.states ?? {}) : []
  const data = Object.fromEntries(Object.values(def.properties).filter((p) => p.name !== 'status' && !isReadCompute(p)).map((p) => [p.name, valueOf(random, p)] as const).filter(([, v]) => v !== undefined))
  return { id, data, status: states.length > 0 && random.int(0, 5) > 0 ? pick(random, states) : null }
}
