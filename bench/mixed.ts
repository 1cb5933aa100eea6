import { openAsBlob } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { check, median, percentile, perSecond, shown, timed } from './harness/measure.ts'
import { holdings, startProduct, User, type Product } from './harness/product.ts'
import { writePeople } from './harness/people.ts'
import { DEMO, ENTITY } from './harness/school.ts'
import type { BenchContext, Benchmark, Figure } from './harness/types.ts'

const USERS = 16
const ACCOUNT = 'beike'
const LIST = '/l/vslc/candidate?list=school'
const RECORD = 'vslc/room'
const THINK_MS = 1_000
const IDLE_MS = 15_000
interface Times { list: number[]; open: number[]; save: number[] }
interface Desk { user: User; room: string; rev: number; turn: number }

/** Each user has a room record of their own to open and save. */
async function desks(product: Product): Promise<Desk[]> {
  const first = await User.signIn(product.url, ACCOUNT)
  const known = /\/r\/vslc\/room\/(\d+)/.exec(await first.page('/l/vslc/room?list=rooms'))?.[1]
  check(known !== undefined, 'there is no room to copy')
  const { form } = await first.ask<{ form: { data: Record<string, unknown> } }>('form', { entity: RECORD, id: known })
  const out: Desk[] = []
  for (let n = 0; n < USERS; n++) {
    const user = n === 0 ? first : await User.signIn(product.url, ACCOUNT)
    const { roomType: _type, area: _area, school: _school, ...data } = form.data
    const saved = await user.ask<{ id: string; rev: number }>('save', { entity: RECORD, data: { ...data, name: `第${n + 51}考场` } })
    out.push({ user, room: saved.id, rev: saved.rev, turn: 0 })
  }
  return out
}

async function save(desk: Desk): Promise<void> {
  const saved = await desk.user.ask<{ rev: number }>('save', { entity: RECORD, id: desk.room, rev: desk.rev, data: { address: `示范路1号${++desk.turn}号楼` } })
  desk.rev = saved.rev
}

/** All users at work until told to stop: a list, a record, a save, and a moment to read between them. */
async function atWork(all: Desk[], until: () => boolean): Promise<Times> {
  const times: Times = { list: [], open: [], save: [] }
  await Promise.all(all.map(async (desk, n) => {
    // nobody begins at the same moment
    await sleep((THINK_MS * n) / USERS)
    while (!until()) {
      times.list.push(await timed(() => desk.user.follow(LIST)))
      await sleep(THINK_MS)
      times.open.push(await timed(() => desk.user.follow(`/r/${RECORD}/${desk.room}`)))
      await sleep(THINK_MS)
      times.save.push(await timed(() => save(desk)))
      await sleep(THINK_MS)
    }
  }))
  return times
}

/** An import in the worker while everybody works; ends with the import. */
async function importing(all: Desk[], file: string, rows: number): Promise<{ times: Times; ms: number }> {
  const [{ user }] = all as [Desk]
  const id = await user.upload(await openAsBlob(file), 'people.xlsx', { purpose: 'import', entity: ENTITY })
  const { job } = await user.ask<{ job: string }>('import/start', { entity: ENTITY, id: 'candidates', file: id, params: { kind: 'SCHOOL' } })
  let over = false
  let ms = 0
  const ended = timed(async () => {
    for (;;) {
      const told = await user.ask<{ job: { state: string; result?: { ok?: number } } }>('job/get', { id: job })
      if (told.job.state === 'done') { check(told.job.result?.ok === rows, `imported ${told.job.result?.ok} of ${rows}`); return }
      check(told.job.state !== 'failed', 'the import failed')
      await sleep(500)
    }
  }).then((took) => { ms = took }).finally(() => { over = true })
  const [times] = await Promise.all([atWork(all, () => over), ended])
  return { times, ms }
}

/** Saves without a pause, by all users at once. */
async function saves(all: Desk[], count: number): Promise<number> {
  let left = count
  return perSecond(count, await timed(() => Promise.all(all.map(async (desk) => { while (left-- > 0) await save(desk) }))))
}

async function run(ctx: BenchContext): Promise<Figure[]> {
  const product = await startProduct(ctx.dir, DEMO.demo)
  ctx.after(() => product.stop())
  const all = await desks(product)
  const rows = ctx.size(100_000)
  const ratios: number[] = []
  const writes: number[] = []
  const said: string[] = []
  await atWork(all, after(5_000))
  for (let n = 0; n < ctx.rounds; n++) {
    ctx.say(`round ${n + 1} of ${ctx.rounds}`)
    const file = join(ctx.dir, `people-${n}.xlsx`)
    await writePeople(file, rows, n)
    const idle = await atWork(all, after(IDLE_MS))
    const busy = await importing(all, file, rows)
    const [quiet, loud] = [percentile(idle.list, 0.95), percentile(busy.times.list, 0.95)]
    ratios.push(loud / quiet)
    writes.push(percentile(busy.times.save, 0.95))
    said.push(`list p95 ${shown(loud)} against ${shown(quiet)} ms (median ${shown(median(busy.times.list))} against ${shown(median(idle.list))}), open p95 ${shown(percentile(busy.times.open, 0.95))} ms, save median ${shown(median(busy.times.save))} against ${shown(median(idle.save))} ms, ${busy.times.list.length} lists in ${shown(busy.ms / 1000)} s`)
    ctx.say(said.at(-1)!)
  }
  const total = ctx.size(20_000)
  ctx.say(`${total} transactions`)
  await saves(all, Math.ceil(total / 10))
  await sleep(5_000)
  const before = await holdings(product.pid)
  const rate = await saves(all, total)
  await sleep(5_000)
  const afterwards = await holdings(product.pid)
  const middle = said[Math.floor(said.length / 2)]!
  return [
    { id: 'list', what: `${USERS} users at work: list while ${rows} rows are imported against the same without an import, p95`, value: median(ratios), unit: '×', on: 'sqlite', goal: { atMost: 3 }, behind: middle },
    { id: 'save', what: 'a single save meanwhile, p95', value: median(writes), unit: ' ms', on: 'sqlite', goal: { atMost: 100 } },
    { id: 'files', what: `open files after ${total} further transactions against before`, value: afterwards.files / before.files, unit: '×', on: 'sqlite', goal: { atMost: 1.1 }, behind: `${afterwards.files} against ${before.files}; ${shown(rate)} saves/s by ${USERS} at once` },
    { id: 'memory', what: 'memory after them against before', value: afterwards.mb / before.mb, unit: '×', on: 'sqlite', goal: { atMost: 1.15 }, behind: `${shown(afterwards.mb)} MB against ${shown(before.mb)} MB` },
  ]
}

/** Says no until so much time has passed. */
function after(ms: number): () => boolean {
  const end = performance.now() + ms
  return () => performance.now() >= end
}

const benchmark: Benchmark = { title: 'An import in the background while people work, over HTTP, then many transactions', run }
export default benchmark
