import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ownSchema } from '#server/cli/scenario/own-database.ts'
import { KINDS } from './kinds/index.ts'
import type { Part } from './fleet.ts'
import { runRounds } from './run-rounds.ts'
import { pause } from './wait.ts'

interface Redis { url: string; start(): Promise<void>; kill(): Promise<void>; stop(): Promise<void> }

/** Rounds of kill -9 against the real command line. Ends with "N passed, N failed". */
const { values } = parseArgs({ options: {
  rounds: { type: 'string', default: '50' }, seed: { type: 'string' }, kills: { type: 'string', default: '1' }, kinds: { type: 'string', default: KINDS.map((k) => k.name).join(',') },
  /** a MySQL server on which a schema is made */
  server: { type: 'string' },
  /** workers are called through a Redis of our own, which is away at first and killed in each round */
  redis: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false },
} })
const wanted = values.kinds.split(',')
const kinds = KINDS.filter((k) => wanted.includes(k.name))
const seed = values.seed === undefined ? Math.floor(performance.timeOrigin) % 100_000 : Number(values.seed)
// the embedded database belongs to one machine: a whole server and a second worker. The other one is shared by two of each
const parts: Part[] = values.server ? ['web', 'web', 'worker', 'worker'] : ['serve', 'worker']
const dir = mkdtempSync(join(tmpdir(), 'certflow-rounds-'))
const tell = (line: string): void => { process.stdout.write(`${line}\n`) }

tell(`${values.rounds} rounds of ${kinds.map((k) => k.name).join(', ')} with ${values.kills} kill(s) each, seed ${seed}, on ${parts.join(' + ')}${values.redis ? ', called through Redis' : ''}`)
const redis = values.redis ? await (await import(new URL('../../../scripts/lib/redis.mjs', import.meta.url).href) as { prepareRedis(): Promise<Redis> }).prepareRedis() : undefined
process.once('exit', () => { void redis?.kill() })
const database = values.server ? await ownSchema(values.server) : undefined
let failed = true
try {
  // the first round begins without Redis
  const trouble = redis ? async (): Promise<void> => { await redis.kill(); await pause(500); await redis.start() } : undefined
  const result = await runRounds({ dir, databaseUrl: database?.url, queueUrl: redis?.url, parts, kinds, rounds: Number(values.rounds), seed, kills: Number(values.kills), trouble, tell })
  failed = result.failed > 0
  tell(`${result.passed} passed, ${result.failed} failed`)
} catch (error) {
  tell(error instanceof Error ? error.stack ?? error.message : String(error))
  tell('0 passed, 1 failed')
} finally {
  await redis?.stop()
  if (values.keep || failed) tell(`kept: ${dir}`)
  else { rmSync(dir, { recursive: true, force: true }); await database?.drop() }
}
process.exit(failed ? 1 : 0)
