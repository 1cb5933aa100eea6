import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SqliteConnection } from './sqlite-connection.ts'

let dir = ''
beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'certflow-sqlite-')) })
afterEach(() => { rmSync(dir, { recursive: true, force: true }) })

it('finds the three thousand rows of a school by the school and not by a filter that half of all rows fulfil, once it was opened again', () => {
  const open = (readOnly = false): SqliteConnection => new SqliteConnection(join(dir, 'a.sqlite'), { synchronous: 'NORMAL', readOnly })
  const first = open()
  for (const sql of ['CREATE TABLE t (id INTEGER PRIMARY KEY, school INTEGER, certificate INTEGER)', 'CREATE INDEX by_school ON t (school, id)', 'CREATE INDEX by_certificate ON t (certificate, id)']) first.exec(sql)
  first.exec('BEGIN')
  first.runEach('INSERT INTO t VALUES (?, ?, ?)', Array.from({ length: 36_000 }, (_, n) => [n + 1, Math.floor(n / 3_000), n % 2]))
  first.exec('COMMIT')
  first.close()

  const again = open()
  const reader = open(true)
  const plan = JSON.stringify(reader.all('EXPLAIN QUERY PLAN SELECT id FROM t WHERE school IS ? AND certificate IS ?', [7, 1]))

  expect(plan).toContain('by_school')
  expect(plan).not.toContain('by_certificate')
  reader.close()
  again.close()
})
