import { AppError } from '../platform/errors.ts'
import { currentScope, withoutScope, withScope, type Scope } from './scope.ts'
import type { Connection, Driver } from './statement/driver.ts'
import { runStep } from './transaction.ts'
import type { Db, Queries, Tx } from './types.ts'

const connectionOf = (scope: Scope): Connection => (scope.transaction as unknown as { connection: Connection }).connection

/** The one access path to the database, the same for both dialects. */
export const createDb = (driver: Driver): Db => {
  const active = (sql: string): Scope | undefined => {
    const scope = currentScope(driver)
    if (scope && ended(scope)) throw new AppError('DB_TX_ENDED', { sql })
    return scope
  }
  const writing = <T>(sql: string, fn: (c: Connection) => Promise<T>): Promise<T> => {
    const scope = active(sql)
    return scope ? fn(connectionOf(scope)) : tx(() => fn(connectionOf(currentScope(driver)!)))
  }
  const queries: Queries = {
    dialect: driver.dialect,
    async all<R extends object>(sql: string, params = [], options = {}) {
      const scope = active(sql)
      return await driver.read(scope && connectionOf(scope), sql, params, options) as R[]
    },
    async one<R extends object>(sql: string, params = [], options = {}) {
      return (await queries.all<R>(sql, params, options))[0]
    },
    run: (sql, params = []) => writing(sql, async (c) => ({ changes: await driver.write(c, sql, params) })),
    insertMany: async (table, columns, rows, options = {}) =>
      rows.length === 0 ? 0 : writing(`INSERT INTO ${table}`, (c) => driver.insert(c, table, columns, rows, options.onConflict)),
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
    return withoutScope(driver, () => runStep(driver, (scope) => withScope(scope, () => fn(t))))
  }
  const savepoint = async <T>(fn: (t: Tx) => Promise<T>): Promise<T> => {
    const scope = active('savepoint')
    return scope ? inSavepoint(driver, scope, () => fn(t)) : tx(fn)
  }
  return {
    ...queries, tx, savepoint,
    stream: <R extends object>(sql: string, params = [], { batch = 1000 } = {}) => driver.stream(sql, params, batch) as AsyncIterable<R[]>,
    inTx: () => currentScope(driver) !== undefined,
    close: () => driver.close(),
  } as Db
}

const ended = (scope: Scope): boolean => (scope.transaction as unknown as { finished?: string }).finished !== undefined

const inSavepoint = async <T>(driver: Driver, scope: Scope, fn: () => Promise<T>): Promise<T> => {
  const name = `sp${++scope.savepoints}`
  const hooks = scope.afterCommit.length
  const connection = connectionOf(scope)
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
