import type { Db, Queries, SqlValue } from '#server/data/index.ts'

/** One statement as it was given to the driver, or a border of a transaction. */
export type Op =
  | { op: 'begin' } | { op: 'commit' } | { op: 'savepoint' } | { op: 'release' }
  | { op: 'read'; sql: string; params: readonly SqlValue[] }
  | { op: 'write'; sql: string; params: readonly SqlValue[] }
  | { op: 'insert'; table: string; columns: readonly string[]; rows: readonly (readonly SqlValue[])[]; onConflict?: Parameters<Queries['insertMany']>[3] }

/** Writes down what goes through `db`; `take` gives it out and begins anew. */
export function recording(db: Db): { db: Db; take(): Op[] } {
  let log: Op[] = []
  const alone = async <T>(fn: () => Promise<T>): Promise<T> => {
    if (db.inTx()) return fn()
    log.push({ op: 'begin' })
    const value = await fn()
    log.push({ op: 'commit' })
    return value
  }
  const over = <Q extends Queries>(q: Q): Q => ({
    ...q,
    all: (sql, params = [], options) => { log.push({ op: 'read', sql, params }); return q.all(sql, params, options) },
    one: (sql, params = [], options) => { log.push({ op: 'read', sql, params }); return q.one(sql, params, options) },
    run: (sql, params = []) => alone(async () => { log.push({ op: 'write', sql, params }); return q.run(sql, params) }),
    runEach: (sql, rows) => (rows.length === 0 ? q.runEach(sql, rows) : alone(async () => { for (const params of rows) log.push({ op: 'write', sql, params }); return q.runEach(sql, rows) })),
    insertMany: (table, columns, rows, options) => (rows.length === 0 ? q.insertMany(table, columns, rows, options) : alone(async () => {
      log.push({ op: 'insert', table, columns, rows, ...(options ? { onConflict: options } : {}) })
      return q.insertMany(table, columns, rows, options)
    })),
  })
  const recorded: Db = {
    ...over(db),
    tx: (fn) => alone(() => db.tx((t) => fn(over(t)))),
    async savepoint(fn) {
      if (!db.inTx()) return recorded.tx(fn)
      log.push({ op: 'savepoint' })
      const value = await db.savepoint((t) => fn(over(t)))
      log.push({ op: 'release' })
      return value
    },
  }
  return { db: recorded, take: () => { const taken = log; log = []; return taken } }
}
