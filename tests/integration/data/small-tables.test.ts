import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from '#server/data/index.ts'

it('uses an index for a table that was small when the database was opened and has grown since', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'certflow-small-'))
  const url = `sqlite:${join(folder, 'grown.sqlite')}`
  const rows = (from: number, count: number) => Array.from({ length: count }, (_, n) => [from + n, `key ${from + n}`])
  try {
    const first = await openDatabase({ url })
    await first.run('CREATE TABLE person (id INTEGER PRIMARY KEY, number TEXT)')
    await first.run('CREATE INDEX person_number ON person (number)')
    await first.insertMany('person', ['id', 'number'], rows(0, 7))
    await first.close()

    const again = await openDatabase({ url })
    await again.insertMany('person', ['id', 'number'], rows(7, 5_000))
    const wanted = Array.from({ length: 100 }, (_, n) => `key ${n * 30}`)
    const plan = await again.all<{ detail: string }>(`EXPLAIN QUERY PLAN SELECT id FROM person WHERE number IN (${wanted.map(() => '?').join(', ')})`, wanted)
    await again.close()

    expect(plan.map((p) => p.detail)).toEqual([expect.stringContaining('INDEX person_number')])
  } finally { rmSync(folder, { recursive: true, force: true }) }
})
