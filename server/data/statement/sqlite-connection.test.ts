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

it('gives a row by the names its columns have now, on a reader too, after one was renamed and one was added', () => {
  const writer = new SqliteConnection(join(dir, 'b.sqlite'), { synchronous: 'NORMAL', readOnly: false })
  writer.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, old TEXT, body BLOB)')
  writer.run('INSERT INTO t VALUES (?, ?, ?)', [9_007_199_254_740_993n, 'x', new Uint8Array([1, 2])])
  const reader = new SqliteConnection(join(dir, 'b.sqlite'), { synchronous: 'NORMAL', readOnly: true })
  const [before] = reader.all('SELECT * FROM t', [])

  writer.begin()
  writer.run('ALTER TABLE t RENAME COLUMN old TO new', [])
  const [meanwhile] = reader.all('SELECT * FROM t', [])
  writer.run('ALTER TABLE t ADD COLUMN more INTEGER', [])
  writer.commit()
  const [after] = reader.all('SELECT * FROM t', [])

  expect(before).toEqual({ id: '9007199254740993', old: 'x', body: Buffer.from([1, 2]) })
  expect(meanwhile).toEqual(before)
  expect(after).toEqual({ id: '9007199254740993', new: 'x', body: Buffer.from([1, 2]), more: null })
  reader.close()
  writer.close()
})

it('undoes a transaction, and once more is no error', () => {
  const writer = new SqliteConnection(join(dir, 'c.sqlite'), { synchronous: 'NORMAL', readOnly: false })
  writer.exec('CREATE TABLE t (id INTEGER PRIMARY KEY)')
  writer.begin()
  writer.run('INSERT INTO t VALUES (?)', [1])

  writer.rollback()
  writer.rollback()

  expect(writer.all('SELECT id FROM t', [])).toEqual([])
  writer.close()
})
