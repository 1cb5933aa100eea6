import type { ListQuery, ListView } from '#server/services.ts'
import { copies, storedRow } from './harness/fill.ts'
import { check, median, percentile, timed } from './harness/measure.ts'
import { openShipped, type Shipped } from './harness/shipped.ts'
import type { BenchContext, Benchmark, DatabaseKind, Figure } from './harness/types.ts'

const DEMO = { programme: 'itmc-digital-marketing', demo: 'one-province', now: '2026-05-06T10:00+08:00' }
const ENTITY = 'vslc/pilot-application'
const STATES = ['APPROVED', 'PENDING_FIRST', 'APPROVED', 'PENDING_FINAL', 'APPROVED', 'PENDING_FIRST', 'APPROVED', 'RETURNED', 'APPROVED', 'PENDING_FIRST']
const BATCHES = ['第一批', '第二批', '第三批']
const ASKS = 40

interface Seen { p95: number; middle: number; view: ListView }
const SIZES = { small: 10_000, large: 1_000_000, province: 300_000, school: 5_000 }

class Lists {
  constructor(private readonly s: Shipped) {}
  /** Everything the page needs, asked the way the page asks, 40 times after 5 that do not count. */
  async ask(user: string, list: string, query: ListQuery): Promise<Seen> {
    const actor = await this.s.actor(user)
    const times: number[] = []
    let view: ListView | undefined
    for (let n = 0; n < ASKS + 5; n++) {
      const took = await timed(async () => {
        const answer = await this.s.services.list(actor, ENTITY, list, query)
        if (!answer.ok) throw new Error(answer.problems.map((p) => p.message).join('；'))
        view = answer.view
      })
      if (n >= 5) times.push(took)
    }
    return { p95: percentile(times, 0.95), middle: median(times), view: view! }
  }
}

/** Applications of many schools: those of one school first, then the others of its province, then other provinces. */
async function grow(ctx: BenchContext, s: Shipped, from: number, to: number, say: string): Promise<void> {
  const { db } = s.house
  const table = s.def('pilot-application').table
  const [template, school, province] = await Promise.all([
    storedRow(db, table, s.id('pilot-application.beike-mid')), storedRow(db, s.def('organisation').table, s.id('organisation.beike')), storedRow(db, s.def('organisation').table, s.id('organisation.bj'))])
  const perSchool = ctx.size(SIZES.school)
  const schoolsIn = Math.ceil(ctx.size(SIZES.province) / perSchool)
  const base = 900_000_000_000_000
  const orgTable = s.def('organisation').table
  const provinceOf = (n: number): number => (n < schoolsIn ? Number(province['id']) : base + 1)
  const idOf = (n: number): number => (n === 0 ? Number(school['id']) : base + 100 + n)
  const schools = Math.ceil(to / perSchool)
  const before = Math.ceil(from / perSchool)
  if (from === 0) await copies(db, orgTable, province, 1, () => ({ id: base + 1, code: 'bench-p', name: '外省教育厅' }))
  if (schools > Math.max(1, before)) await copies(db, orgTable, school, schools - Math.max(1, before), (k) => { const n = Math.max(1, before) + k; return { id: idOf(n), code: `bench-${n}`, name: `示范学院${n}`, province: provinceOf(n), parent: provinceOf(n), org: provinceOf(n) } })
  const certificates = ['low', 'mid', 'high'].map((c) => Number(s.id(`certificate.${c}`)))
  const issuers = new Map((await db.all<{ id: number; issuer: number }>(`SELECT id, issuer FROM ${s.def('certificate').table}`)).map((c) => [Number(c.id), Number(c.issuer)]))
  // where its scope paths end, as a row keeps it that was saved
  const kept = (path: string): string => { const column = s.def('pilot-application').scopeColumns?.[path]?.column; if (!column) throw new Error(`${path} is not kept`); return column }
  const [keptProvince, keptIssuer] = [kept('school.province'), kept('certificate.issuer')]
  // schools apply side by side over the years: the age of a row says nothing of its school
  await copies(db, table, template, to - from, (k) => {
    const n = from + k
    const org = Math.floor(n / perSchool)
    const seq = n % perSchool
    const certificate = certificates[seq % 3]!
    return { id: base + 1_000_000 + n, org: idOf(org), org_l2: provinceOf(org), school: idOf(org), status: STATES[(seq * 7 + org) % 10]!, created_at: 1_700_000_000_000 + seq * 10_000_000 + org * 1_000, certificate, [keptProvince]: provinceOf(org), [keptIssuer]: issuers.get(certificate)!, year: 2021 + (seq % 6), batch: BATCHES[seq % 3 === 0 ? 0 : seq % 2 + 1]!, total_applied: (seq * 37) % 500 + 1, total_approved: (seq * 31) % 400 }
  }, (done) => { if (done % 200_000 === 0) ctx.say(`${say}: ${from + done} rows`) })
}

/** The cursor that the page before `rank` would have given: the first page's, sealed anew at another row. */
async function cursorAt(s: Shipped, user: string, list: string, rank: number): Promise<{ after: string; expected: string }> {
  const actor = await s.actor(user)
  const first = await s.services.list(actor, ENTITY, list, {})
  if (!first.ok || !first.view.next) throw new Error('the list has one page only')
  const { sealing } = s.house.core.engine
  const table = s.def('pilot-application').table
  const place = { table, column: 'cursor', row: `${actor.userId}/${actor.role}` }
  const opened = sealing.open(Buffer.from(first.view.next, 'base64url').toString(), place)
  const inner = JSON.parse(Buffer.from(opened.slice(16), 'base64url').toString()) as { s: string }
  const [last, next] = await s.house.db.all<{ id: number; created_at: number }>(`SELECT id, created_at FROM ${table} ORDER BY created_at DESC, id DESC LIMIT 2 OFFSET ${rank - 1}`)
  const moved = Buffer.from(JSON.stringify({ ...inner, v: last!.created_at, i: last!.id })).toString('base64url')
  return { after: Buffer.from(sealing.seal(opened.slice(0, 16) + moved, place)).toString('base64url'), expected: String(next!.id) }
}

async function onDatabase(ctx: BenchContext, kind: DatabaseKind, url: string): Promise<Figure[]> {
  let s = await openShipped({ url, dir: ctx.dir, ...DEMO })
  ctx.after(() => s.close())
  // what a product does that is started in the morning: it learns how large its tables are
  const again = async (): Promise<Lists> => { const { secrets } = s; await s.close(); s = await openShipped({ url, dir: ctx.dir, ...DEMO, secrets }); return new Lists(s) }
  const certificate = s.id('certificate.mid')
  const [small, large] = [ctx.size(SIZES.small), ctx.size(SIZES.large)]
  const asSchool: ListQuery = { filters: { year: '2024', certificate: s.id('certificate.low') }, sort: '-applied' }

  await grow(ctx, s, 0, small, kind)
  const at10k = await (await again()).ask('school.beike', 'applications', asSchool)
  check(at10k.view.total > 0 && at10k.view.tabs.length > 0, 'the school sees nothing')
  await grow(ctx, s, small, large, kind)
  const lists = await again()
  const at1m = await lists.ask('school.beike', 'applications', asSchool)
  check(at1m.view.total === at10k.view.total, `the school sees ${at1m.view.total}, before ${at10k.view.total}`)
  const figures: Figure[] = [
    { id: `school-ratio-${kind}`, what: `a school with 5 000 rows: page at ${large} rows against ${small} (two filters, sort, counts)`, on: kind, value: at1m.middle / at10k.middle, unit: '×', goal: { atMost: 1.5 }, behind: `${at1m.middle.toFixed(1)} ms against ${at10k.middle.toFixed(1)} ms` },
    { id: `school-${kind}`, what: `the same page at ${large} rows, p95`, on: kind, value: at1m.p95, unit: ' ms', goal: { atMost: 30 } },
  ]
  const page = async (id: string, what: string, user: string, list: string, query: ListQuery, goal = true): Promise<void> => {
    ctx.say(`${kind}: ${what}`)
    const seen = await lists.ask(user, list, query).catch((e: Error) => e)
    if (seen instanceof Error) { figures.push({ id: `${id}-${kind}`, what, on: kind, value: NaN, unit: ' ms', ...(goal ? { goal: { atMost: 30 } } : {}), behind: seen.message }); return }
    figures.push({ id: `${id}-${kind}`, what: `${what}, p95`, on: kind, value: seen.p95, unit: ' ms', ...(goal ? { goal: { atMost: 30 } } : {}), behind: `median ${seen.middle.toFixed(1)} ms, ${seen.view.rows.length} rows of ${seen.view.totalCapped ? 'more than ' : ''}${seen.view.total}` })
  }
  await page('province', `a province with ${ctx.size(SIZES.province)} rows, default sort and counts`, 'province.bj', 'review', {})
  await page('province-filter', 'the same with one indexed filter', 'province.bj', 'review', { filters: { certificate } })
  await page('whole', `the organisation with all ${large} rows, default sort and counts`, 'platform.admin', 'review', {})
  await page('whole-filter', 'the same with one indexed filter', 'platform.admin', 'review', { filters: { certificate } })
  await page('evaluation', 'an evaluation organisation: what is approved of its certificates, by year', 'eval.itmc', 'pilots', {})
  const rank = Math.min(200_000, Math.floor(large / 2))
  const { after, expected } = await cursorAt(s, 'platform.admin', 'review', rank)
  const deep = await lists.ask('platform.admin', 'review', { page: rank / 20 + 1, after })
  check(deep.view.rows[0]?.id === expected, 'the page behind the cursor is another one')
  figures.push({ id: `deep-${kind}`, what: `page ${Math.floor(rank / 20)} of all rows by keyset, p95`, on: kind, value: deep.p95, unit: ' ms', goal: { atMost: 30 }, behind: `median ${deep.middle.toFixed(1)} ms` })
  await page('rare', 'the province with a filter that nothing fulfils (reported)', 'province.bj', 'review', { filters: { year: '1999' } }, false)
  return figures
}

const benchmark: Benchmark = {
  title: 'Pages of lists through the service, with everything the page shows, in a small and in a large table',
  async run(ctx) {
    const figures: Figure[] = []
    for (const { kind, url } of await ctx.databases()) figures.push(...await onDatabase(ctx, kind, url))
    return figures
  },
}
export default benchmark
