import { createHash } from 'node:crypto'
import type { Row, SqlValue } from '#server/data/index.ts'
import type { EntityDef } from '#server/runtime/definitions/index.ts'
import { columnOf, type Sealing } from '#server/runtime/records/index.ts'
import { runTimers } from '#server/runtime/process/index.ts'
import { importRowsNow } from '#server/runtime/transfer/index.ts'
import { copies, resealing, storedRow } from './fill.ts'
import { check } from './measure.ts'
import { DEMO, SCHOOL } from './school.ts'
import type { Shipped } from './shipped.ts'

export const PLAN = 'exam-plan.plan2026'
export const ORGANISER = 'eval.itmc'
export const ENTITY = 'vslc/exam-plan'
/** when the plan of the demo set is being seated */
const SEATING = Date.parse('2026-05-11T09:00+08:00')
const ROW = { 考生姓名: '王小八', 证件号码: '110108200503140610', 考生类型: '院校考生', 证书编号: '1630054223020943', 报考证书: '数字营销技术应用', 证书等级: '中级', 考核站点编号: '110000007' }
const BASE = 900_000_000_000_000
const ROOMS_PER_SITE = 50

export interface Exam { candidates: number; rooms: number; seats: number }

interface Templates { candidate: Row; entry: Row; registrations: Row[]; room: Row; site: Row }

async function templates(s: Shipped): Promise<Templates> {
  const { db } = s.house
  const call = s.house.core.call(await s.actor(SCHOOL))
  const made = await importRowsNow(s.house, call, s.def('registration'), 'byCertificate', { plan: s.id(PLAN) }, [ROW])
  check(made.ok === 1, JSON.stringify(made))
  const registrations = await db.all(`SELECT * FROM ${s.def('registration').table} WHERE plan = ? ORDER BY id`, [s.id(PLAN)])
  check(registrations.length === 2, `${registrations.length} subjects`)
  return {
    candidate: await storedRow(db, s.def('candidate').table, s.id('candidate.wang')), entry: await storedRow(db, s.def('entry').table, String(registrations[0]!['entry'])), registrations,
    room: await storedRow(db, s.def('room').table, s.id('room.r101')), site: await storedRow(db, s.def('exam-site').table, s.id('exam-site.beike')),
  }
}

/** Each candidate is somebody else: who looks for one person must not find all of them. */
function personOf(sealing: Sealing, def: EntityDef): (id: number, n: number) => Record<string, SqlValue> {
  const p = def.properties['idNo']!
  const [column, kind] = [columnOf(p), p.sensitive!]
  return (id, n) => {
    const text = `9${String(n).padStart(17, '0')}`
    return { [`${column}_enc`]: sealing.seal(text, { table: def.table, column, row: String(id) }), [`${column}_bix`]: sealing.blind(kind, text) }
  }
}

const keyRow = (def: EntityDef, unique: string, id: number, values: (string | number)[]): SqlValue[] =>
  [`${def.id}:${unique}:${DEMO.programme}`, createHash('sha256').update(JSON.stringify(values.map(String))).digest('hex'), def.id, id]

/** Registrations of many candidates for two subjects of the demo set's plan, with rooms at many sites, as imports would have left them; then the clock goes on to the days of seating. */
export async function growExam(s: Shipped, { candidates, rooms, seats }: Exam, say: (text: string) => void): Promise<void> {
  const { db } = s.house
  const { sealing } = s.house.core.engine
  const t = await templates(s)
  const [entryDef, registrationDef, roomDef, candidateDef, siteDef] = ['entry', 'registration', 'room', 'candidate', 'exam-site'].map((e) => s.def(e)) as [EntityDef, EntityDef, EntityDef, EntityDef, EntityDef]
  const sites = Math.ceil(rooms / ROOMS_PER_SITE)
  const at = { site: BASE, room: BASE + 1_000_000, candidate: BASE + 10_000_000, entry: BASE + 20_000_000, registration: BASE + 30_000_000 }
  const siteOf = (n: number): number => at.site + (n % sites)
  say(`making ${candidates} candidates, ${rooms} rooms at ${sites} sites`)
  await copies(db, siteDef.table, t.site, sites, (n) => ({ id: at.site + n, number: String(200_000_000 + n) }))
  await copies(db, roomDef.table, t.room, rooms, (n) => ({ id: at.room + n, site: siteOf(n), name: `第${Math.floor(n / sites) + 1}考场`, seats }))
  const links = await db.all<{ position: number; target_id: number; value: SqlValue }>(`SELECT position, target_id, value FROM ${roomDef.properties['planSubjects']!.linkTable!} WHERE owner_id = ?`, [Number(t.room['id'])])
  await insertAll(s, roomDef.properties['planSubjects']!.linkTable!, ['owner_id', 'position', 'target_id', 'value'], rooms, (n) => links.map((l) => [at.room + n, l.position, l.target_id, l.value]))
  const candidate = resealing(sealing, candidateDef.table, t.candidate)
  const person = personOf(sealing, candidateDef)
  await copies(db, candidateDef.table, t.candidate, candidates, (n) => ({ ...candidate(at.candidate + n), ...person(at.candidate + n, n), number: `S${String(n * 7919 % candidates).padStart(7, '0')}` }))
  const entry = resealing(sealing, entryDef.table, t.entry)
  await copies(db, entryDef.table, t.entry, candidates, (n) => ({ ...entry(at.entry + n), candidate: at.candidate + n, site: siteOf(n), ticket_no: null }))
  for (const [k, one] of t.registrations.entries()) await copies(db, registrationDef.table, one, candidates, (n) => ({ id: at.registration + n * 2 + k, entry: at.entry + n }))
  const key = ['scope', 'hash', 'entity', 'record_id']
  await insertAll(s, 'unique_keys', key, candidates, (n) => [keyRow(entryDef, 'once', at.entry + n, [s.id(PLAN), at.candidate + n, String(t.entry['certificate'])])])
  await insertAll(s, 'unique_keys', key, candidates, (n) => t.registrations.map((r, k) => keyRow(registrationDef, 'oncePerSubject', at.registration + n * 2 + k, [at.entry + n, String(r['plan_subject'])])))
  await s.house.jobs.drain()
  s.clock.set(SEATING)
  await runTimers(s.house.core.processes, SEATING)
  await s.house.jobs.drain()
}

async function insertAll(s: Shipped, table: string, columns: string[], count: number, of: (n: number) => SqlValue[][]): Promise<void> {
  for (let from = 0; from < count; from += 20_000) {
    const rows = Array.from({ length: Math.min(20_000, count - from) }, (_, k) => of(from + k)).flat()
    await s.house.db.tx((t) => t.insertMany(table, columns, rows))
  }
}
