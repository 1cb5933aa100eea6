import type { ListQuery, ListView } from '#server/services.ts'
import { resolveNames, seedRecords } from '#server/runtime/release/index.ts'
import { placeAt } from '#server/runtime/process/index.ts'
import type { SeedRecords } from '#server/runtime/definitions/index.ts'
import { copies, storedRow } from './harness/fill.ts'
import { check, median, percentile, timed } from './harness/measure.ts'
import { openShipped, type Shipped } from './harness/shipped.ts'
import type { BenchContext, Benchmark, DatabaseKind, Figure } from './harness/types.ts'

const ENTITY = 'vslc/registration'
// the first subject is being written, the second has yet to begin: every state occurs
const DEMO = { programme: 'itmc-digital-marketing', demo: 'one-province', now: '2026-05-20T10:00+08:00' }
const USER = 'eval.itmc'
const SIZES = [{ rows: 10_000, goal: 40 }, { rows: 50_000, goal: 180 }]
const ASKS = 20
const EXTENSIONS = 20
const BASE = 900_000_000_000_000

const set = (entity: string, records: SeedRecords['records']): SeedRecords => ({ entity, file: 'bench', key: [], records })

/** One registration as the product makes it: what the others are copies of. */
async function template(s: Shipped): Promise<{ registration: string; entry: string }> {
  const call = s.house.core.system(DEMO.programme)
  const names = new Map(['exam-plan.plan2026', 'candidate.wang', 'certificate.mid', 'exam-site.beike', 'plan-subject.joint1'].map((n) => [n, s.id(n)]))
  const report = await seedRecords(s.house.core.engine, call, [
    set('entry', { one: { plan: '$exam-plan.plan2026', candidate: '$candidate.wang', certificate: '$certificate.mid', candidateType: 'SCHOOL', site: '$exam-site.beike' } }),
    set('registration', { one: { entry: '$entry.one', planSubject: '$plan-subject.joint1' } }),
  ], names, (c, def, id, status) => placeAt(s.house.core.processes, c, def, id, status))
  check(report.problems.length === 0, report.problems.join('; '))
  const { registration, entry } = resolveNames({ registration: '$registration.one', entry: '$entry.one' }, names)
  return { registration, entry }
}

/** What the clock and the facts say of the n-th: of ten, one is exempt, three have no seat, four are in the exam, two wait. */
const facts = (n: number, s: Shipped): { exempt: number; room: number | null; plan_subject: number } => ({
  exempt: n % 10 === 0 ? 1 : 0, room: n % 10 < 4 ? null : Number(s.id('room.r101')), plan_subject: Number(s.id(n % 10 < 8 ? 'plan-subject.joint1' : 'plan-subject.joint2')),
})
const expected = (rows: number): Record<string, number> => ({ NOT_REQUIRED: rows / 10, UNARRANGED: (rows * 3) / 10, EXAMINING: (rows * 4) / 10, WAITING: (rows * 2) / 10, ENDED: 0 })

async function grow(s: Shipped, one: { registration: string; entry: string }, from: number, to: number): Promise<void> {
  const { db } = s.house
  const entry = await storedRow(db, s.def('entry').table, one.entry)
  // sealed values are bound to their row: each copy gets its own
  const { sealing } = s.house.core.engine
  const { table } = s.def('entry')
  const sealed = Object.keys(entry).filter((c) => c.endsWith('_enc') && entry[c] !== null).map((c) => ({ c, column: c.slice(0, -4), plain: sealing.open(String(entry[c]), { table, column: c.slice(0, -4), row: one.entry }) }))
  await copies(db, table, entry, to - from, (k) => {
    const id = BASE + from + k
    return { id, created_at: 1_700_000_000_000 + from + k, ...Object.fromEntries(sealed.map(({ c, column, plain }) => [c, sealing.seal(plain, { table, column, row: String(id) })])) }
  })
  const registration = await storedRow(db, s.def('registration').table, one.registration)
  await copies(db, s.def('registration').table, registration, to - from, (k) => { const n = from + k; return { id: BASE + 500_000 + n, entry: BASE + n, created_at: 1_700_000_000_000 + n, seat_no: n % 10 < 4 ? null : (n % 40) + 1, ...facts(n, s) } })
}

/** Extensions of the plan: from then on each row that is being examined is looked up among them. */
async function extend(s: Shipped, count: number): Promise<void> {
  const names = new Map(['exam-plan.plan2026', 'room.r101'].map((n) => [n, s.id(n)]))
  const records = Object.fromEntries(Array.from({ length: count }, (_, n) => [`e${n}`, { plan: '$exam-plan.plan2026', room: '$room.r101', minutes: 1, cause: '停电', approved: true }]))
  const report = await seedRecords(s.house.core.engine, s.house.core.system(DEMO.programme), [set('extension', records)], names, (c, def, id, status) => placeAt(s.house.core.processes, c, def, id, status))
  check(report.problems.length === 0, report.problems.join('; '))
}

async function ask(s: Shipped, list: string, query: ListQuery): Promise<{ times: number[]; view: ListView }> {
  const actor = await s.actor(USER)
  const times: number[] = []
  let view: ListView | undefined
  for (let n = 0; n < ASKS + 3; n++) {
    const took = await timed(async () => {
      const answer = await s.services.list(actor, ENTITY, list, query)
      if (!answer.ok) throw new Error(answer.problems.map((p) => p.message).join('；'))
      view = answer.view
    })
    if (n >= 3) times.push(took)
  }
  return { times, view: view! }
}

async function onDatabase(ctx: BenchContext, kind: DatabaseKind, url: string): Promise<Figure[]> {
  let s = await openShipped({ url, dir: ctx.dir, ...DEMO })
  ctx.after(() => s.close())
  const one = await template(s)
  const figures: Figure[] = []
  let have = 0
  for (const { rows: full, goal } of SIZES) {
    const rows = ctx.size(full / 10) * 10
    ctx.say(`${kind}: ${rows} rows`)
    await grow(s, one, have, rows)
    have = rows
    const { secrets } = s
    await s.close()
    s = await openShipped({ url, dir: ctx.dir, ...DEMO, secrets })
    for (const [list, what] of [['registration', 'exam states'], ['scores', 'score states']] as const) {
      const { times, view } = await ask(s, list, { filters: { plan: s.id('exam-plan.plan2026') } })
      // the one they are copies of has no seat
      if (list === 'registration') for (const [state, count] of Object.entries(expected(rows))) check(view.tabs.find((t) => t.id === state)?.count === Math.min(1_000, count + (state === 'UNARRANGED' ? 1 : 0)), `${state}: ${JSON.stringify(view.tabs)}`)
      check(view.rows.length === 20, `${view.rows.length} rows`)
      figures.push({ id: `states-${list}-${full}-${kind}`, what: `${what}: tab counts and first page of ${rows} rows of a plan, p95`, on: kind, value: percentile(times, 0.95), unit: ' ms', goal: { atMost: goal }, behind: `median ${median(times).toFixed(1)} ms, ${view.tabs.length} tabs` })
    }
  }
  await extend(s, EXTENSIONS)
  const { times, view } = await ask(s, 'registration', { filters: { plan: s.id('exam-plan.plan2026') } })
  check(view.rows.length === 20, `${view.rows.length} rows`)
  figures.push({ id: `states-extended-${kind}`, what: `exam states of the ${have} rows once ${EXTENSIONS} extensions of the plan are approved (reported), p95`, on: kind, value: percentile(times, 0.95), unit: ' ms', behind: `median ${median(times).toFixed(1)} ms` })
  return figures
}

const benchmark: Benchmark = {
  title: 'Lists over states that are computed when they are read: tab counts and first page through the service',
  async run(ctx) {
    const figures: Figure[] = []
    for (const { kind, url } of await ctx.databases()) figures.push(...await onDatabase(ctx, kind, url))
    return figures
  },
}
export default benchmark
