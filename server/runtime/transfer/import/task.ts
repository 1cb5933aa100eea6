import type { EntityDef, ImportDef } from '#server/runtime/definitions/index.ts'
import type { FeelValue, Scope } from '#server/runtime/expressions/types.ts'
import type { Draft, Engine } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'

/** One row on its way in: values by column id (or the chosen record), and what its cells already did wrong. */
export interface ImportRow { row: number; values: Record<string, FeelValue> | FeelValue; errors: string[] }
export interface RowResult { row: number; errors: string[]; warnings: string[]; made: string[] }

/** A row with all it makes: stored whole or not at all. */
export interface Unit {
  row: ImportRow
  /** one scope for all that is asked of the row; what it finds becomes names of it */
  scope: Scope
  /** the stored record that the row names */
  matched: string | null
  drafts: Draft[]
  /** rows before it that make a record it shares */
  leans: Unit[]
  skipped: boolean
  errors: string[]
}
export const open = (units: Unit[]): Unit[] => units.filter((u) => u.errors.length === 0 && !u.skipped)

export interface ImportTask {
  engine: Engine; call: Call; def: EntityDef; id: string; spec: ImportDef; params: Record<string, unknown>
  /** records that earlier batches of the same file have changed, with the row that did it */
  seen?: Map<string, number>
}
