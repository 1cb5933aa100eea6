// The thread behind sqlite-apart.ts: SQLite and nothing else, as plain JavaScript, so that it starts at once and stays small.
import { performance } from 'node:perf_hooks'
import { parentPort, workerData } from 'node:worker_threads'
import { DatabaseSync } from '@photostructure/sqlite'

const { file, pragmas, statements } = workerData
const CHECK_EVERY = 256
const db = new DatabaseSync(file, { timeout: 5_000 })
db.exec(pragmas)
let [deadline, ticks] = [Infinity, 0]
db.function('within_time', { deterministic: false }, (_column) => {
  if (++ticks % CHECK_EVERY === 0 && performance.now() > deadline) throw new Error('time limit reached')
  return 1
})

const kept = new Map()
const prepared = (sql, bigInts) => {
  const key = bigInts ? `big:${sql}` : sql
  let statement = kept.get(key)
  if (!statement) {
    statement = db.prepare(sql)
    if (bigInts) statement.setReadBigInts(true)
    statement.setReturnArrays(true)
    if (kept.size >= statements) kept.delete(kept.keys().next().value)
    kept.set(key, statement)
  }
  return statement
}

// an integer beyond 2^53: what only reads is read again, what writes too (RETURNING) reads BigInts from the start
const isTooLarge = (e) => e.code === 'ERR_OUT_OF_RANGE' || /too large|out of range|cannot be represented/i.test(e.message)
const cells = (sql, params) => {
  if (/\bRETURNING\b/i.test(sql)) return prepared(sql, true).all(...params)
  try { return prepared(sql, false).all(...params) } catch (e) { if (!isTooLarge(e)) throw e }
  return prepared(sql, true).all(...params)
}
const does = {
  all({ sql, params, timeoutMs }) {
    if (timeoutMs !== undefined) deadline = performance.now() + timeoutMs
    try {
      const rows = cells(sql, params)
      return { rows, names: rows.length > 0 ? prepared(sql, false).columns().map((c) => c.name) : [] }
    } catch (e) {
      if (performance.now() > deadline) return { rows: [], names: [], late: true }
      throw e
    } finally { deadline = Infinity }
  },
  each({ sql, rows }) {
    const statement = prepared(sql, false)
    let changes = 0
    for (const row of rows) changes += statement.run(...row).changes
    return changes
  },
  // SQLite has rolled back by itself where the disk is full or broken
  rollback() { if (db.isTransaction) prepared('ROLLBACK', false).run(); return 0 },
}

// of a statement that nobody waits for (it has no id): told to the next that is waited for, and nothing is done before the end of the transaction
let failed = null
const told = (e) => ({ message: e.message, code: e.code, sqliteCode: e.sqliteCode, sqliteExtendedCode: e.sqliteExtendedCode, sqliteCodeName: e.sqliteCodeName })

parentPort.on('message', (asked) => {
  if (asked.does === 'close') { kept.clear(); db.close(); parentPort.close(); return }
  if (asked.does === 'rollback') failed = null
  try {
    if (failed) throw failed
    const value = does[asked.does](asked)
    if (asked.id !== undefined) parentPort.postMessage({ id: asked.id, value })
  } catch (e) {
    if (asked.id === undefined) failed = e
    else parentPort.postMessage({ id: asked.id, error: told(e) })
  }
})
