import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { testDatabase } from '../../integration/support/database.ts'
import { KINDS } from './kinds/index.ts'
import { runRounds } from './run-rounds.ts'

it('loses, doubles and blocks nothing of imports, seating, signing, documents and timers when one of two workers is killed', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'certflow-rounds-'))
  const database = await testDatabase({ migrate: false })
  const told: string[] = []
  const seed = 1
  const result = await runRounds({ dir, databaseUrl: database.url, parts: ['worker', 'worker'], kinds: KINDS, rounds: 1, kills: 1, seed, tell: (line) => { told.push(line) } })
  await database.close()
  await rm(dir, { recursive: true })
  expect(told.filter((line) => !line.startsWith('✓'))).toEqual([])
  expect(result).toEqual({ passed: 1, failed: 0 })
}, 600_000)
