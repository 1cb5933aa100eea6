import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { bareDriver } from './harness/bare.ts'
import { otherEngine } from './harness/bpmn-engine.ts'
import { copyDatabase } from './harness/databases.ts'
import { against, allInTurns, check, median, perSecond, ratioOf, rounds as medianOf, timed } from './harness/measure.ts'
import { openOffice, standingIn } from './harness/office.ts'
import { recording, type Op } from './harness/record.ts'
import type { BenchContext, Benchmark, DatabaseKind, Figure } from './harness/types.ts'

const WORKERS = 16
const inParallel = <T>(items: T[], fn: (item: T, worker: number) => Promise<void>): Promise<unknown> =>
  Promise.all(Array.from({ length: WORKERS }, async (_, w) => { for (let i = w; i < items.length; i += WORKERS) await fn(items[i]!, w) }))
const inOrder = async <T>(items: T[], fn: (item: T) => Promise<void>): Promise<void> => { for (const item of items) await fn(item) }

/** Every completion in its own transaction, through the runtime and by the driver alone with the statements the runtime was seen to use. */
async function onDatabase(ctx: BenchContext, kind: DatabaseKind, url: string): Promise<{ figures: Figure[]; rate: number }> {
  const chunk = ctx.size(800)
  const turns = ctx.rounds + 1
  ctx.say(`${kind}: making ${chunk * turns * 2} requests`)
  const first = await openOffice(url, ctx.dir)
  const ids = await first.create(chunk * turns * 2)
  await first.close()
  const [replayed, recorded] = [await copyDatabase(url), await copyDatabase(url)]
  const parts = Array.from({ length: turns * 2 }, (_, n) => ids.slice(n * chunk, (n + 1) * chunk))

  ctx.say(`${kind}: noting the statements`)
  let take: () => Op[] = () => []
  const noted = await openOffice(recorded, ctx.dir, { wrapDb: (db) => { const r = recording(db); take = r.take; return r.db } })
  const ops = new Map<string, Op[]>()
  for (const id of ids) { take(); await noted.press('clerk', 'submit', [id]); ops.set(id, take()) }
  await noted.close()

  const office = await openOffice(url, ctx.dir)
  const bare = await bareDriver(replayed, WORKERS)
  ctx.after(async () => { await office.close(); await bare.close() })
  const turn = { ours: 0, theirs: 0 }
  type Way = <T>(items: T[], fn: (item: T, worker: number) => Promise<void>) => Promise<unknown>
  const ours = (run: Way) => async () => { const part = parts[turn.ours++]!; return perSecond(chunk, await timed(() => run(part, (id) => office.press('clerk', 'submit', [id])))) }
  const theirs = (run: Way) => async () => { const part = parts[turn.theirs++]!; return perSecond(chunk, await timed(() => run(part, (id, worker) => bare.replay(ops.get(id)!, worker)))) }
  const single: Way = (items, fn) => inOrder(items, (item) => fn(item, 0))
  ctx.say(`${kind}: one after the other, and ${WORKERS} beside each other, in turns`)
  // in turns also between the two ways: the tables grow, and what comes last would meet the largest
  const took = await allInTurns(ctx.rounds, { single: ours(single), bareSingle: theirs(single), parallel: ours(inParallel), bareParallel: theirs(inParallel) })
  const of = Object.fromEntries(Object.entries(took).map(([name, values]) => [name, median(values)])) as Record<keyof typeof took, number>
  check(await office.standing('REVIEW') === ids.length, 'not every request is under review')
  check(await standingIn(replayed, office.def, 'REVIEW') === ids.length, 'the driver alone did not do the same')
  const statements = median(ids.map((id) => ops.get(id)!.filter((o) => 'sql' in o || o.op === 'insert').length))
  const least = kind === 'sqlite' ? 35 : 70
  return {
    rate: of.single,
    figures: [
      { id: `bare-${kind}`, what: 'of the driver alone with the same statements, one after the other', on: kind, value: ratioOf(took.single, took.bareSingle) * 100, unit: ' %', goal: { atLeast: least }, behind: `${against(of.single, of.bareSingle)}, ${statements} statements each` },
      { id: `bare-parallel-${kind}`, what: `of the driver alone with the same statements, ${WORKERS} beside each other`, on: kind, value: ratioOf(took.parallel, took.bareParallel) * 100, unit: ' %', goal: { atLeast: least }, behind: against(of.parallel, of.bareParallel) },
      { id: `parallel-${kind}`, what: `${WORKERS} beside each other against one after the other (5 % are noise)`, on: kind, value: ratioOf(took.parallel, took.single), unit: '×', goal: { atLeast: 0.95 }, behind: against(of.parallel, of.single) },
    ],
  }
}

/** bpmn-engine: load the state, recover, signal, save the state and a line of history in one transaction. No rights: it has none. */
async function byOtherEngine(ctx: BenchContext): Promise<number> {
  const engine = await otherEngine()
  const count = ctx.size(200)
  const db = new DatabaseSync(join(ctx.dir, 'other-engine.sqlite'))
  ctx.after(async () => { db.close() })
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE instances (id INTEGER PRIMARY KEY, at TEXT, state TEXT); CREATE TABLE history (id INTEGER PRIMARY KEY, instance INTEGER, outcome TEXT, at INTEGER)')
  const begun = await (await engine.start()).state()
  const [begin, commit] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT')]
  const put = db.prepare('INSERT INTO instances (at, state) VALUES (?, ?)')
  const load = db.prepare('SELECT state FROM instances WHERE id = ?')
  const save = db.prepare('UPDATE instances SET at = ?, state = ? WHERE id = ?')
  const note = db.prepare('INSERT INTO history (instance, outcome, at) VALUES (?, ?, ?)')
  return medianOf(ctx.rounds, async () => {
    const ids = Array.from({ length: count }, () => Number(put.run('write', begun).lastInsertRowid))
    return perSecond(count, await timed(async () => {
      for (const id of ids) {
        const run = await engine.recover((load.get(id) as { state: string }).state)
        run.signal('submit')
        if (run.at() !== 'review') throw new Error(`bpmn-engine waits at ${run.at()}`)
        const state = await run.state()
        begin.run()
        save.run('review', state, id)
        note.run(id, 'submit', Date.now())
        commit.run()
      }
    }))
  })
}

const benchmark: Benchmark = {
  title: 'One completion with rights, history and its own transaction, against bpmn-engine (recover, signal, save) and against the driver alone',
  async run(ctx) {
    const figures: Figure[] = []
    for (const { kind, url } of await ctx.databases()) {
      const found = await onDatabase(ctx, kind, url)
      if (kind === 'sqlite') {
        ctx.say('bpmn-engine')
        const other = await byOtherEngine(ctx)
        figures.push({ id: 'engine', what: 'completions per second against bpmn-engine', on: kind, value: found.rate / other, unit: '×', goal: { atLeast: 10 }, behind: against(found.rate, other) })
      }
      figures.push(...found.figures)
    }
    return figures
  },
}
export default benchmark
