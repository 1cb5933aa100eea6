import type { EntityDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import type { EntityRow, Scope } from '#server/runtime/expressions/types.ts'
import type { Problem } from '../../context.ts'
import type { FactLoader } from '../facts/loader.ts'
import type { RecordData } from '../schema/codec.ts'

/** What brings the change: decides which locks and rules apply. */
export type Via = { kind: 'user' } | { kind: 'import'; id: string; fields?: string[] } | { kind: 'action'; id: string; fields?: string[] } | { kind: 'outcome'; id: string; fields?: string[] } | { kind: 'effect' } | { kind: 'seed' }

/** One record on its way in. `data` is the whole new record, `old` what is stored. */
export interface Draft {
  def: EntityDef
  id: string
  create: boolean
  /** `old` and `data` hold only some fields of a stored record */
  partial?: true
  /** of such a record: the fields they hold, and those of them that change */
  held?: { names: ReadonlySet<string>; changed: readonly PropertyDef[] }
  patch: RecordData
  rev?: number
  old: RecordData | null
  oldStatus: string | null
  storedRev: number
  data: RecordData
  status: string | null
  org: string | null
  createdBy: string | null
  createdAt: number
  program: string
  problems: Problem[]
  warnings: Problem[]
  numbered: string[]
  /** live defaults set in this save: they follow their inputs until a person changes them */
  liveSet?: Set<string>
  /** the scope of its own expressions, for the facts it was last asked with */
  asked?: { facts: FactLoader; scope: Scope }
}
export const rowOf = (d: Draft): EntityRow => ({ $: 'row', entity: d.def.id, id: d.id })
export const good = (drafts: Draft[]): Draft[] => drafts.filter((d) => d.problems.length === 0)
export const refuse = (d: Draft, code: string, message: string, path?: string): void => { d.problems.push({ code, message, ...(path ? { path } : {}) }) }
