import { bareDriver } from './harness/bare.ts'
import { copyDatabase } from './harness/databases.ts'
import { against, check, inTurns, perSecond, rounds as medianOf, timed } from './harness/measure.ts'
import { openOffice, standingIn } from './harness/office.ts'
import { recording, type Op } from './harness/record.ts'
import type { BenchContext, Benchmark, DatabaseKind, Figure } from './harness/types.ts'

const GOALS = { sqlite: { ms: 1000, times: 8 }, mariadb: { ms: 1500, times: 5 } }
/** The same set goes to review and comes back, over and over. */
const TURNS = [['clerk', 'submit', 'REVIEW'], ['reviewer', 'return', 'RETURNED']] as const

async function onDatabase(ctx: BenchContext, kind: DatabaseKind, url: string): Promise<Figure[]> {
  const size = ctx.size(10_000)
  const singles = ctx.size(300)
  ctx.say(`${kind}: making ${size} requests`)
  const first = await openOffice(url, ctx.dir)
  const ids = await first.create(size)
  const others = await first.create(singles * (ctx.rounds + 1))
  await first.close()
  const [replayed, recorded] = [await copyDatabase(url), await copyDatabase(url)]

  ctx.say(`${kind}: noting the statements`)
  let take: () => Op[] = () => []
  const noted = await openOffice(recorded, ctx.dir, { wrapDb: (db) => { const r = recording(db); take = r.take; return r.db } })
  const ops: Op[][] = []
  for (let n = 0; n <= ctx.rounds; n++) { take(); await noted.press(TURNS[n % 2]![0], TURNS[n % 2]![1], ids); ops.push(take()) }
  await noted.close()

  const office = await openOffice(url, ctx.dir)
  const bare = await bareDriver(replayed)
  ctx.after(async () => { await office.close(); await bare.close() })
  const turn = { ours: 0, theirs: 0 }
  ctx.say(`${kind}: as one set`)
  const ms = await inTurns(ctx.rounds,
    async () => {
      const [who, button, status] = TURNS[turn.ours++ % 2]!
      const took = await timed(() => office.press(who, button, ids))
      check(await office.standing(status) === size, `not all stand at ${status}`)
      return took
    },
    () => timed(() => bare.replay(ops[turn.theirs++]!)))
  check(await standingIn(replayed, office.def, TURNS[ctx.rounds % 2]![2]) >= size, 'the driver alone did not do the same')
  ctx.say(`${kind}: one by one`)
  let at = 0
  const single = await medianOf(ctx.rounds, async () => {
    const part = others.slice(at, at += singles)
    return perSecond(singles, await timed(async () => { for (const id of part) await office.press('clerk', 'submit', [id]) }))
  })
  const rate = perSecond(size, ms.ours)
  const count = ops[1]!.filter((o) => 'sql' in o || o.op === 'insert').length
  return [
    { id: `bare-${kind}`, what: 'of the driver alone with the same set statements', on: kind, value: 100 / ms.ratio, unit: ' %', goal: { atLeast: 60 }, behind: `${against(ms.ours, ms.theirs, ' ms')}, ${count} statements` },
    { id: `seconds-${kind}`, what: `${size} completions as one set`, on: kind, value: ms.ours, unit: ' ms', goal: { atMost: GOALS[kind].ms } },
    { id: `single-${kind}`, what: 'against one by one', on: kind, value: rate / single, unit: '×', goal: { atLeast: GOALS[kind].times }, behind: against(rate, single) },
  ]
}

const benchmark: Benchmark = {
  title: 'Completions as one set in one transaction, against the driver alone running the same set statements and against one by one',
  async run(ctx) {
    const figures: Figure[] = []
    for (const { kind, url } of await ctx.databases()) figures.push(...await onDatabase(ctx, kind, url))
    return figures
  },
}
export default benchmark
