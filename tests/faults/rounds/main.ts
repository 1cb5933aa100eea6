import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { KINDS } from './kinds/index.ts'
import type { Part } from './fleet.ts'
import { runRounds } from './run-rounds.ts'

/** Rounds of kill -9 against the real command line. Ends with "N passed, N failed". */
const { values } = parseArgs({ options: {
  rounds: { type: 'string', default: '50' }, seed: { type: 'string' }, kills: { type: 'string', default: '2' }, kinds: { type: 'string', default: KINDS.map((k) => k.name).join(',') },
  database: { type: 'string' }, queue: { type: 'string' }, keep: { type: 'boolean', default: false },
} })
const wanted = values.kinds.split(',')
const kinds = KINDS.filter((k) => wanted.includes(k.name))
const seed = values.seed === undefined ? Math.floor(performance.timeOrigin) % 100_000 : Number(values.seed)
// the embedded database belongs to one machine: a whole server and a second worker. The other one is shared by two of each
const parts: Part[] = values.database ? ['web', 'web', 'worker', 'worker'] : ['serve', 'worker']
const dir = mkdtempSync(join(tmpdir(), 'certflow-rounds-'))
const tell = (line: string): void => { process.stdout.write(`${line}\n`) }
tell(`${values.rounds} rounds of ${kinds.map((k) => k.name).join(', ')} with ${values.kills} kills each, seed ${seed}, on ${parts.join(' + ')}`)
let failed = true
try {
  const result = await runRounds({ dir, databaseUrl: values.database, queueUrl: values.queue, parts, kinds, rounds: Number(values.rounds), seed, kills: Number(values.kills), tell })
  failed = result.failed > 0
  tell(`${result.passed} passed, ${result.failed} failed`)
} catch (error) {
  tell(error instanceof Error ? error.stack ?? error.message : String(error))
  tell('0 passed, 1 failed')
} finally {
  if (values.keep || failed) tell(`kept: ${dir}`)
  else rmSync(dir, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)
