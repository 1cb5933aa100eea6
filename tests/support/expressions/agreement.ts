import { compile } from '#server/runtime/expressions/compile.ts'
import { bindParams } from '#server/runtime/expressions/sql/expression.ts'
import type { FeelValue, SqlScalar, SqlTarget } from '#server/runtime/expressions/types.ts'
import { isDate, isInstant, isNumber, isRow } from '#server/runtime/expressions/values/value.ts'
import { options, queryOver, scopeOf } from './world.ts'
import type { World } from './world.ts'
import { rowRef } from './memory-facts.ts'

export type RunQuery = (sql: string, params: SqlScalar[]) => Promise<Record<string, unknown>[]>
export interface Answer { id: string; condition?: unknown; value: unknown }

/** What the closure says of every row, in the form a database gives back. */
export const byClosure = (text: string, world: World): Answer[] => {
  const expression = compile(text, options)
  const scope = scopeOf(world)
  const scale = sqlOf(text, world, 'sqlite').scale
  return world.thing.map((row) => {
    const value = expression.evaluate({ ...scope, names: { ...scope.names, record: rowRef('thing', row.id) } })
    return { id: String(row.id), value: asStored(value, scale), ...(expression.type.kind === 'boolean' ? { condition: Number(value === true) } : {}) }
  })
}
const asStored = (value: FeelValue, scale: number): unknown => {
  if (value === null) return null
  if (isNumber(value)) return Number(value.times(10 ** scale).toFixed())
  if (isInstant(value)) return value.ms
  if (isDate(value)) return value.iso
  if (isRow(value)) return Number(value.id)
  return typeof value === 'boolean' ? Number(value) : value
}

const sqlOf = (text: string, world: World, dialect: SqlTarget['dialect'], more: Partial<SqlTarget> = {}): { sql: string; params: SqlScalar[]; scale: number } => {
  const expression = compile(text, options)
  const scope = scopeOf(world)
  const { target: plainTarget, from } = queryOver(dialect)
  const target = { ...plainTarget, ...more }
  const value = expression.toSql(target, scope)
  const condition = expression.type.kind === 'boolean' ? expression.toCondition(target, scope) : null
  const what = condition ? `, (${condition.sql}) IS TRUE AS cond` : ''
  return { sql: `SELECT q.id AS id, ${value.sql} AS v${what} FROM ${from()} ORDER BY q.id`, params: bindParams([...value.params, ...(condition?.params ?? [])], scope), scale: value.scale ?? 0 }
}

export const bySql = async (text: string, world: World, dialect: SqlTarget['dialect'], run: RunQuery, more: Partial<SqlTarget> = {}): Promise<Answer[]> => {
  const { sql, params } = sqlOf(text, world, dialect, more)
  const rows = await run(sql, params)
  return rows.map((row) => ({ id: String(row.id), value: plain(row.v), ...('cond' in row ? { condition: Number(row.cond) } : {}) }))
}
/** DECIMAL comes back as text, BIGINT perhaps as bigint. */
const plain = (value: unknown): unknown => (typeof value === 'bigint' || (typeof value === 'string' && /^-?\d+$/.test(value)) ? Number(value) : value)
