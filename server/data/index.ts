export type { Condition, Db, OnConflict, Queries, ReadOptions, Row, SqlValue, Tx } from './types.ts'
export type { ColumnTypes, Dialect } from './dialect.ts'
export { openDatabase, type DatabaseConfig } from './open.ts'
export { migrate } from './migrate.ts'
