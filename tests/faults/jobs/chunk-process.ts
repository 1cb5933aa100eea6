import { openDatabase } from '#server/data/index.ts'
import { systemClock } from '#server/platform/clock.ts'
import { createIds } from '#server/platform/ids.ts'
import { silentLog } from '#server/platform/log.ts'
import { createJobs, defineJob } from '#server/runtime/jobs/index.ts'

const CHUNKS = 50
const ROWS = 20
const db = await openDatabase({ url: process.argv[2]! })
const fill = defineJob<object, number>({
  type: 'fill', input: {},
  async run(_, ctx) {
    for (let chunk = Number(ctx.checkpoint ?? 0); chunk < CHUNKS; chunk++) {
      await ctx.commit(async (t) => {
        const rows = Array.from({ length: ROWS }, (_row, n) => [chunk * ROWS + n, process.pid])
        await t.insertMany('filled', ['n', 'pid'], rows)
        return { checkpoint: chunk + 1, done: (chunk + 1) * ROWS, total: CHUNKS * ROWS }
      })
      process.stdout.write(`chunk ${chunk}\n`)
      await new Promise((go) => { setTimeout(go, 5) })
    }
    return CHUNKS
  },
})
const jobs = createJobs({ db, ids: createIds({ now: systemClock.now, node: Number(process.argv[3]) }), log: silentLog(), clock: systemClock, types: [fill], leaseMs: 60_000 })
await jobs.enqueue('fill', {}, { key: 'fill' })
await jobs.drain()
await db.close()
