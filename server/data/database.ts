import { AppError } from '../platform/errors.ts'
import { observationOf, observed } from './observe.ts'
import { currentScope, withScope, type Scope } from './scope.ts'
import type { Connection, Driver } from './statement/driver.ts'
import { runStep } from './transaction.ts'
import type { Db, Queries, ReadOptions, SqlValue, Tx } from './types.ts'

const NONE: ReadOptions = {}
const tooLate = (sql: string): AppError => new AppError('DB_TX_ENDED', { sql })

/** The one access path to the database, the same for both dialects. */
export const createDb = (driver: Driver): Db => {
  const active = (sql: string): Scope | undefined => {
    const scope = currentScope(driver)
    if (scope?.ended) throw tooLate(sql)
    return scope
  }
  const writing = <T>(sql: string, fn: (c: Connection) => Promise<T>): Promise<T> => {
    const scope = currentScope(driver)
    if (scope?.ended) return Promise.reject(tooLate(sql))
    if (scope) { scope.wrote = true; return fn(scope.connection) }
    return tx(() => { const own = currentScope(driver)!; own.wrote = true; return fn(own.connection) })
  }
  const queries: Queries = {
    dialect: driver.dialect,
    all<R extends object>(sql: string, params: readonly SqlValue[] = [], options: ReadOptions = NONE) {
      const scope = currentScope(driver)
      if (scope?.ended) return Promise.reject(tooLate(sql))
      const rows = driver.read(scope?.connection, sql, params, options)
      const observation = scope ? undefined : observationOf(driver)
      return (observation ? rows.then((read) => { observation.reads.push({ sql, params, rows: read }); return read }) : rows) as Promise<R[]>
    },
    async one<R extends object>(sql: string, params = [], options = {}) {
      return (await queries.all<R>(sql, params, options))[0]
    },
    run: (sql, params = []) => writing(sql, (c) => driver.write(c, sql, params)),
    runEach: (sql, rows) => rows.length === 0 ? Promise.resolve({ changes: 0 }) : writing(sql, (c) => driver.writeEach(c, sql, rows)),
    insertMany: (table, columns, rows, options) =>
      rows.length === 0 ? Promise.resolve(0) : writing(`INSERT INTO ${table}`, (c) => driver.insert(c, table, columns, rows, options?.onConflict)),
    idsIn: (column, ids) => driver.idsIn(column, ids),
    onCommit: (fn) => {
      const scope = active('onCommit')
      if (scope) scope.afterCommit.push(fn)
      else void Promise.resolve().then(fn)
    },
  } as Queries
  const t: Tx = { ...queries, age: () => { const s = currentScope(driver); return s ? performance.now() - s.began : 0 } }

  const tx = async <T>(fn: (t: Tx) => Promise<T>): Promise<T> => {
    if (active('tx')) return fn(t)
    if (observationOf(driver)) throw new Error('what is observed may only read')
    return runStep(driver, (scope) => withScope(scope, () => fn(t)))
  }
  const savepoint = async <T>(fn: (t: Tx) => Promise<T>): Promise<T> => {
    const scope = active('savepoint')
    return scope ? inSavepoint(driver, scope, () => fn(t)) : tx(fn)
  }
  const observe = async <T>(fn: () => Promise<T>): Promise<{ value: T; holds: () => Promise<boolean> }> => {
    if (active('observe')) throw new Error('what a transaction reads needs no observing')
    const { value, holds } = await observed(driver, fn)
    return { value, holds: async () => { const scope = active('observe'); return scope !== undefined && holds(scope) } }
  }
  return {
    ...queries, tx, savepoint, observe,
    stream: <R extends object>(sql: string, params = [], { batch = 1000 } = {}) => driver.stream(sql, params, batch) as AsyncIterable<R[]>,
    inTx: () => currentScope(driver) !== undefined,
    close: () => driver.close(),
  } as Db
}

const inSavepoint = async <T>(driver: Driver, scope: Scope, fn: () => Promise<T>): Promise<T> => {
  const name = `sp${++scope.savepoints}`
  const hooks = scope.afterCommit.length
  const { connection } = scope
  await driver.write(connection, `SAVEPOINT ${name}`, [])
  try {
    const value = await fn()
    await driver.write(connection, `RELEASE SAVEPOINT ${name}`, [])
    return value
  } catch (e) {
    scope.afterCommit.length = hooks
    if (driver.isRetryable(e)) scope.doomed = e
    else await driver.write(connection, `ROLLBACK TO SAVEPOINT ${name}`, [])
    throw e
  }
}
