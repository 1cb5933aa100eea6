import { FeelError } from '../errors.ts'
import type { Ir } from '../ir/ir.ts'
import type { CompileOptions, Expression, Scope, SqlParam, SqlScalar, SqlTarget, SqlText } from '../types.ts'
import type { Frame, RowVar } from './frame.ts'
import { NotSql, refuse } from './frame.ts'
import { scalar } from './scalar.ts'
import { truth } from './truth.ts'

const MAX_SQL = 60_000

export const newFrame = (text: string, options: CompileOptions, target: SqlTarget, scope: Scope | null): Frame => {
  const rows = new Map(Object.entries(target.rows).map(([name, { entity, alias }]): [string, RowVar] => [name, { entity, alias, nullable: false, join: target.join }]))
  return { text, target, scope, options, rows, slots: new Map(), computes: [] }
}

export const write = (ir: Ir, frame: Frame, as: 'value' | 'condition'): SqlText => {
  const made: SqlText & { kind?: string } = as === 'condition' ? truth(ir, frame) : scalar(ir, frame)
  if (made.sql.length > MAX_SQL) return refuse(frame, ir, 'its SQL grows too long.', 'Store part of it (at: save or create).')
  return { sql: made.sql, params: made.params, ...(made.kind === 'number' ? { scale: made.scale ?? 0 } : {}) }
}

export const expressionSql = (text: string, ir: Ir, options: CompileOptions, target: SqlTarget, scope: Scope, as: 'value' | 'condition'): SqlText => {
  try {
    return write(ir, newFrame(text, options, target, scope), as)
  } catch (error) {
    if (error instanceof NotSql) throw new FeelError(text, [error.problem])
    throw error
  }
}

/** The WHERE form of a condition: granted only when FEEL says true. */
export const sqlCondition = (expression: Expression, target: SqlTarget, scope: Scope): SqlText => expression.toCondition(target, scope)

/** The parameters of one statement, evaluated once in this scope. */
export const bindParams = (params: readonly SqlParam[], scope: Scope): SqlScalar[] => params.map((one) => ('value' in one ? one.value : one.from(scope)))
