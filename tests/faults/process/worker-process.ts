import { appendFileSync } from 'node:fs'
import { virtualClock } from '#server/platform/clock.ts'
import { silentLog } from '#server/platform/log.ts'
import { seededRandom } from '#server/platform/random.ts'
import { loadDefinitions } from '#server/runtime/definitions/index.ts'
import { openHouse } from '#server/house.ts'
import type { Secrets } from '#server/platform/crypto.ts'

export interface WorkerOptions {
  url: string; dir: string; root: string; now: number; secrets: Secrets
  /** what the outside system has been asked for: one line per call, its key */
  outside: string
  /** dies at the n-th insert into a table: rows of the batch are written, nothing is committed */
  dieAt?: { table: string; n: number }
  /** dies when the outside system has answered, before anything is written here */
  dieAfterCall?: boolean
}
const o = JSON.parse(process.argv[2]!) as WorkerOptions
const die = (): Promise<never> => { process.kill(process.pid, 'SIGKILL'); return new Promise(() => undefined) }

const { definitions } = await loadDefinitions({ roots: [o.root] })
const house = await openHouse({ databaseUrl: o.url, varDir: o.dir, secrets: o.secrets, clock: virtualClock(o.now), log: silentLog(), definitions, zone: 'Asia/Shanghai', owner: `worker ${process.pid}`, random: seededRandom(1) })
house.operations.run = async (_id, inputs) => {
  for (const i of inputs) appendFileSync(o.outside, `${i.key}\n`)
  if (o.dieAfterCall) await die()
  return inputs.map(() => ({ ok: true, output: { verdict: 'fine' } }))
}
const { insertMany } = house.db
let n = 0
house.db.insertMany = async (table, ...rest) => {
  if (o.dieAt && table === o.dieAt.table && ++n === o.dieAt.n) await die()
  return insertMany(table, ...rest)
}
await house.jobs.drain()
await house.close()
