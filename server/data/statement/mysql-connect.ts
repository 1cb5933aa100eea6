import { ConnectionAcquireTimeoutError, ConnectionError, Sequelize } from 'sequelize'
import { AppError } from '../../platform/errors.ts'
import { COLLATIONS } from '../dialect.ts'

const SESSION = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  // `||` concatenates as in SQLite; division by zero and truncation are errors, not warnings
  "SET SESSION sql_mode='STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,PIPES_AS_CONCAT,ONLY_FULL_GROUP_BY'",
  'SET SESSION innodb_lock_wait_timeout=10',
]

export interface MysqlConnection {
  execute(sql: string, values: unknown[], cb: (error: unknown, result: unknown) => void): void
  query(sql: string, cb: (error: unknown, result: unknown) => void): void
  query(options: { sql: string; values: unknown[]; typeCast: boolean }): MysqlQuery
  destroy(): void
}
export interface MysqlQuery { stream(options: { highWaterMark: number }): AsyncIterable<Record<string, unknown>> & { destroy(): void } }

/** mysql2's callbacks as promises, for one text statement. */
export const queryText = (connection: MysqlConnection, sql: string): Promise<unknown> =>
  new Promise((resolve, reject) => { connection.query(sql, (e, result) => { if (e) reject(e as Error); else resolve(result) }) })

/** The best binary collation the server has; all tables and texts of the session use it. */
export const collationOf = async (connection: MysqlConnection): Promise<string> => {
  const rows = await queryText(connection, `SELECT COLLATION_NAME AS name FROM information_schema.COLLATIONS WHERE COLLATION_NAME IN (${COLLATIONS.map((c) => `'${c}'`).join(',')})`) as { name: string }[]
  return COLLATIONS.find((c) => rows.some((r) => r.name === c)) ?? 'utf8mb4_bin'
}

/** No connection could be had: the server is away, or all are in use for too long. */
export const connectionError = (e: unknown): unknown =>
  e instanceof ConnectionError || e instanceof ConnectionAcquireTimeoutError ? new AppError('DB_UNAVAILABLE', { reason: e.message }, { cause: e }) : e

/** The pool. Every connection gets the same session, whatever the server's defaults are. */
export const connectMysql = (url: string, poolSize: number): Sequelize => {
  const sequelize = new Sequelize(url.replace(/^mariadb:/, 'mysql:'), {
    dialect: 'mysql', logging: false, timezone: '+00:00', define: { timestamps: false }, retry: { max: 1 },
    pool: { max: poolSize, min: 0, idle: 30_000, acquire: 10_000 },
    dialectOptions: {
      charset: 'utf8mb4', supportBigNumbers: true, bigNumberStrings: false, decimalNumbers: true, jsonStrings: true,
      // rows matched, not rows changed: the same meaning of `changes` as SQLite
      flags: ['+FOUND_ROWS'], maxPreparedStatements: 500,
      // Sequelize's own reading of columns would go through every value, and mysql2 would build a new row reader for every statement and keep them all
      typeCast: true,
    },
  })
  let collation: string | undefined
  sequelize.addHook('afterConnect', async (connection: unknown) => {
    collation ??= await collationOf(connection as MysqlConnection)
    await queryText(connection as MysqlConnection, `SET NAMES utf8mb4 COLLATE ${collation}`)
    for (const sql of SESSION) await queryText(connection as MysqlConnection, sql)
  })
  return sequelize
}
