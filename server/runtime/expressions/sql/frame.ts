import { problemAt } from '../errors.ts'
import type { Ir } from '../ir/ir.ts'
import type { CompileOptions, FeelProblem, ModelProperty, Scope, SqlTarget } from '../types.ts'
import type { Frag, SqlValue } from './fragment.ts'

/** A row of the query or of a subquery; `nullable` when it came through a LEFT JOIN. */
export interface RowVar { entity: string; alias: string; nullable: boolean; join: (alias: string, column: string, entity: string) => string }
/** A reference held in a column: joined only when something of the referred record is read. */
export interface RefVar { from: RowVar; column: string; entity: string }
/** What a slot stands for: a row, a reference, a ready value, or another expression in its own frame. */
export type Bound = { row: RowVar } | { ref: RefVar } | { value: SqlValue } | { ir: Ir; frame: Frame }

export interface Frame {
  text: string
  target: SqlTarget
  scope: Scope | null
  options: CompileOptions
  rows: ReadonlyMap<string, RowVar>
  slots: ReadonlyMap<number, Bound>
  /** read-time computes being put in place, to find cycles */
  computes: readonly ModelProperty[]
  /** inside a compute: the place of the text that reads it */
  site?: Ir
}

/** Why an expression cannot be SQL; becomes `notSqlable`. */
export class NotSql extends Error {
  readonly problem: FeelProblem
  constructor(frame: Frame, ir: Ir, why: string, fix: string) {
    const found = problemAt(frame.text, frame.site ?? ir, `\`${ir.src}\` cannot be computed in SQL: ${why}`, fix)
    super(`${found.message} ${found.fix}`)
    this.name = 'NotSql'
    this.problem = found
  }
}
export const refuse = (frame: Frame, ir: Ir, why: string, fix = 'Compute it at save or create, or read a stored property.'): never => {
  throw new NotSql(frame, ir, why, fix)
}

export const withSlot = (frame: Frame, slot: number, bound: Bound): Frame => ({ ...frame, slots: new Map([...frame.slots, [slot, bound]]) })

/** Identifiers come from the model only, and are checked all the same. */
export const quoted = (frame: Frame, name: string): string => {
  if (!/^[A-Za-z_][A-Za-z0-9_$]*$/.test(name)) throw new Error(`"${name}" is no identifier of the model`)
  return frame.target.dialect === 'mysql' ? `\`${name}\`` : `"${name}"`
}
export const columnOf = (frame: Frame, alias: string, column: string): string => `${quoted(frame, alias)}.${quoted(frame, column)}`

export const isNotTrue = (condition: Frag): Frag => ({ sql: `(${condition.sql}) IS NOT TRUE`, params: condition.params })

/** Follows rule arguments and `in` values to the expression they stand for. */
export const resolve = (ir: Ir, frame: Frame): { ir: Ir; frame: Frame } => {
  let at = { ir, frame }
  for (;;) {
    if (at.ir.k === 'let') {
      at = { ir: at.ir.body, frame: withSlot(at.frame, at.ir.slot, { ir: at.ir.value, frame: at.frame }) }
    } else if (at.ir.k === 'local') {
      const bound = at.frame.slots.get(at.ir.slot)
      if (!bound || !('ir' in bound)) return at
      at = { ir: bound.ir, frame: bound.frame }
    } else return at
  }
}
