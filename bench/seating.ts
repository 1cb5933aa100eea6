import { copyDatabase } from './harness/databases.ts'
import { bareDriver } from './harness/bare.ts'
import { apart } from './harness/apart.ts'
import { generateSecrets } from '#server/platform/crypto.ts'
import { ENTITY, growExam, ORGANISER, PLAN } from './harness/exam.ts'
import { check, median, shown, timed } from './harness/measure.ts'
import { newRows, rowsIn } from './harness/new-rows.ts'
import { DEMO } from './harness/school.ts'
import { openShipped } from './harness/shipped.ts'
import type { Op } from './harness/record.ts'
import type { BenchContext, Benchmark, DatabaseKind, Figure } from './harness/types.ts'

export interface Took { ms: number; seats: number; peakMb: number }
const seconds = (ms: number): string => `${shown(ms / 1000)} s`

/** Rows of a table as inserts into an empty copy of it, in transactions of 5 000. */
async function insertsOf(url: string, table: string): Promise<{ batches: Op[][]; empty: string }> {
  const empty = await copyDatabase(url)
  const bare = await bareDriver(empty)
  try { await bare.replay([{ op: 'write', sql: `DELETE FROM ${table}`, params: [] }]) } finally { await bare.close() }
  const batches = await newRows(empty, url, table)
  return { batches, empty }
}

async function onDatabase(ctx: BenchContext, kind: DatabaseKind, url: string): Promise<Figure[]> {
  const exam = { candidates: ctx.size(100_000), rooms: ctx.size(3_000), seats: 34 }
  const secrets = generateSecrets()
  const s = await openShipped({ url, dir: ctx.dir, ...DEMO, secrets })
  const table = s.def('registration').table
  await growExam(s, exam, (text) => ctx.say(`${kind}: ${text}`))
  const [now, plan] = [s.clock.now(), s.id(PLAN)]
  await s.close()
  const ours: Took[] = []
  const theirs: { rows: number; all: number }[] = []
  for (let n = 0; n < ctx.rounds; n++) {
    ctx.say(`${kind}: round ${n + 1} of ${ctx.rounds}`)
    const target = await copyDatabase(url)
    ours.push(await apart<Took>('seat-here', { url: target, dir: ctx.dir, secrets, now, plan, candidates: exam.candidates, entity: ENTITY, user: ORGANISER }))
    const rows = await insertsOf(target, table)
    check(rowsIn(rows.batches, table) >= exam.candidates * 2, `${rowsIn(rows.batches, table)} registrations`)
    const replay = async (batches: Op[][], into: string): Promise<number> => {
      const bare = await bareDriver(into)
      try { return await timed(async () => { for (const b of batches) await bare.replay(b) }) } finally { await bare.close() }
    }
    const fresh = await newRows(url, target)
    theirs.push({ rows: await replay(rows.batches, rows.empty), all: await replay(fresh, await copyDatabase(url)) })
    if (n === 0) ctx.say(`${kind}: ${rowsIn(fresh)} new rows in all tables beside the changed registrations and entries`)
  }
  const ms = median(ours.map((o) => o.ms))
  const [rows, all] = [median(theirs.map((t) => t.rows)), median(theirs.map((t) => t.all))]
  return [
    { id: `seating-${kind}`, what: `${exam.candidates} candidates × 2 subjects into ${exam.rooms} rooms, with tickets and room sessions, against the driver inserting ${exam.candidates * 2} registrations`, on: kind, value: ms / rows, unit: '×', goal: { atMost: 3 }, behind: `${seconds(ms)} against ${seconds(rows)}` },
    { id: `seating-all-${kind}`, what: 'the same against the driver inserting the registrations and all new rows: keys, history, sessions', on: kind, value: ms / (rows + all), unit: '×', behind: `${seconds(ms)} against ${seconds(rows)} + ${seconds(all)}` },
    { id: `memory-${kind}`, what: 'peak memory of the seating process', on: kind, value: median(ours.map((o) => o.peakMb)), unit: ' MB' },
  ]
}

const benchmark: Benchmark = {
  title: 'Seating a whole plan by its button: allocation, seats, ticket numbers and room sessions with rules, keys and history',
  async run(ctx) {
    const figures: Figure[] = []
    for (const { kind, url } of await ctx.databases()) figures.push(...await onDatabase(ctx, kind, url))
    return figures
  },
}
export default benchmark
