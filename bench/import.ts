import { join } from 'node:path'
import { generateSecrets } from '#server/platform/crypto.ts'
import { apart } from './harness/apart.ts'
import { bareDriver } from './harness/bare.ts'
import { copyDatabase } from './harness/databases.ts'
import { check, median, timed } from './harness/measure.ts'
import { newRows, rowsIn } from './harness/new-rows.ts'
import { writePeople } from './harness/people.ts'
import { DEMO } from './harness/school.ts'
import { openShipped } from './harness/shipped.ts'
import type { BenchContext, Benchmark, DatabaseKind, Figure } from './harness/types.ts'

interface Took { ms: number; cpu: number; peakMb: number }
const cpuMs = (from: NodeJS.CpuUsage): number => { const { user, system } = process.cpuUsage(from); return (user + system) / 1000 }

/** One import in a process of its own against exceljs only reading the file and the driver only inserting what the import stored. */
async function onDatabase(ctx: BenchContext, kind: DatabaseKind, url: string, file: string, rows: number, fewer: { file: string; rows: number }): Promise<Figure[]> {
  const secrets = generateSecrets()
  const s = await openShipped({ url, dir: ctx.dir, ...DEMO, secrets })
  const table = s.def('candidate').table
  await s.close()
  const ours: Took[] = []
  const theirs: { read: number; all: number; own: number; cpu: number }[] = []
  for (let round = 0; round < ctx.rounds; round++) {
    ctx.say(`${kind}: round ${round + 1} of ${ctx.rounds}`)
    const target = await copyDatabase(url)
    ours.push(await apart<Took>('import-here', { url: target, dir: ctx.dir, file, secrets, rows }))
    const read = await apart<Took>('read-by-exceljs', { file, rows })
    const batches = await newRows(url, target)
    check(rowsIn(batches, table) === rows, `the import stored ${rowsIn(batches, table)} rows`)
    const insert = async (only: typeof batches): Promise<number> => {
      const bare = await bareDriver(await copyDatabase(url))
      try { return await timed(async () => { for (const b of only) await bare.replay(b) }) } finally { await bare.close() }
    }
    const before = process.cpuUsage()
    const all = await insert(batches)
    theirs.push({ read: read.ms, all, cpu: read.cpu + cpuMs(before), own: await insert(batches.filter((b) => rowsIn([b], table) > 0)) })
    if (round === 0) ctx.say(`${kind}: ${rowsIn(batches)} rows in all tables`)
  }
  const small = await apart<Took>('import-here', { url: await copyDatabase(url), dir: ctx.dir, file: fewer.file, secrets, rows: fewer.rows })
  const ms = median(ours.map((o) => o.ms))
  const [read, all, own] = [median(theirs.map((t) => t.read)), median(theirs.map((t) => t.all)), median(theirs.map((t) => t.own))]
  const peak = median(ours.map((o) => o.peakMb))
  const seconds = (n: number): string => `${(n / 1000).toFixed(1)} s`
  return [
    { id: `import-${kind}`, what: `${rows} rows against exceljs reading the file plus the driver inserting all that the import stored`, on: kind, value: ms / (read + all), unit: '×', goal: { atMost: 1.25 }, behind: `${seconds(ms)} against ${seconds(read)} + ${seconds(all)}; processor ${seconds(median(ours.map((o) => o.cpu)))} against ${seconds(median(theirs.map((t) => t.cpu)))}${kind === 'sqlite' ? '' : ' beside that of the server'}` },
    { id: `import-own-${kind}`, what: 'the same against the rows of the entity alone, without history, unique keys and the rest', on: kind, value: ms / (read + own), unit: '×', behind: `${seconds(ms)} against ${seconds(read)} + ${seconds(own)}` },
    { id: `memory-${kind}`, what: 'peak memory of the importing process', on: kind, value: peak, unit: ' MB', goal: { atMost: 350 } },
    { id: `memory-growth-${kind}`, what: `the same against ${fewer.rows} rows`, on: kind, value: peak / small.peakMb, unit: '×', goal: { atMost: 1.1 }, behind: `${peak.toFixed(0)} MB against ${small.peakMb.toFixed(0)} MB` },
  ]
}

const benchmark: Benchmark = {
  title: 'A sheet with references, uniqueness, rules and encrypted numbers',
  async run(ctx) {
    const rows = ctx.size(100_000)
    const fewer = { rows: ctx.size(20_000), file: join(ctx.dir, 'fewer.xlsx') }
    const file = join(ctx.dir, 'people.xlsx')
    ctx.say('writing the sheets')
    await writePeople(file, rows)
    await writePeople(fewer.file, fewer.rows)
    const figures: Figure[] = []
    for (const { kind, url } of await ctx.databases()) figures.push(...await onDatabase(ctx, kind, url, file, rows, fewer))
    const waits = await apart<{ p95: number; middle: number; asked: number; ms: number; peakMb: number }>('pages-meanwhile', { dir: ctx.dir, file, rows, url: `sqlite:${join(ctx.dir, 'meanwhile.sqlite')}` })
    figures.push({ id: 'pages', what: 'list pages in the web thread while the worker thread imports, p95', on: 'sqlite', value: waits.p95, unit: ' ms', goal: { atMost: 50 }, behind: `median ${waits.middle.toFixed(1)} ms, ${waits.asked} pages in ${(waits.ms / 1000).toFixed(1)} s; web and worker together ${waits.peakMb.toFixed(0)} MB at most` })
    return figures
  },
}
export default benchmark
