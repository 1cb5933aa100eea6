import type { Clock } from '#server/platform/clock.ts'
import type { Ids } from '#server/platform/ids.ts'
import type { Random } from '#server/platform/random.ts'
import type { Db } from '#server/data/index.ts'
import type { AuditEntry } from '#server/runtime/audit/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import type { Call } from '../context.ts'
import { FactLoader } from './facts/loader.ts'
import type { Registry } from './registry.ts'
import type { Draft } from './save/draft.ts'
import type { Sealing } from './schema/codec.ts'

/** What the process runtime adds to a record: locks while it waits, and what happens when it is made or changed. */
export interface ProcessHooks {
  /** per record: fields its wait states unlock and whether they allow deleting */
  /** 保存 checks types only: a new record's first task, or the task a record waits at, is a draft */
  isDraft(call: Call, def: EntityDef, ids: string[] | null): Promise<Set<string>>
  /** every field list that some wait state of the entity's process may unlock */
  everEditable(call: Call, def: EntityDef): string[][]
  editable(call: Call, loader: FactLoader, def: EntityDef, ids: string[]): Promise<Map<string, { fields: string[]; delete: boolean }>>
  created(call: Call, loader: FactLoader, def: EntityDef, drafts: Draft[]): Promise<void>
  changed(call: Call, loader: FactLoader, def: EntityDef, drafts: Draft[]): Promise<void>
  removed(call: Call, def: EntityDef, ids: string[]): Promise<void>
}

export interface Engine {
  db: Db
  registry: Registry
  sealing: Sealing
  clock: Clock
  ids: Ids
  random: Random
  hooks: ProcessHooks
  sanitise: (html: string) => string
  /** writes to the audit trail in the running transaction; nothing is audited without it */
  audit?: (entries: AuditEntry | AuditEntry[]) => Promise<void>
}

export const userRow = (call: Call): FeelValue => ({ $: 'row', entity: 'core/user', id: call.actor.userId })

/** Facts as seen by this call; make a fresh one after writing. */
export const factsFor = (engine: Engine, call: Call): FactLoader =>
  new FactLoader({ db: engine.db, registry: engine.registry, sealing: engine.sealing, programme: call.programme, now: call.now, zone: call.zone, user: userRow(call), session: { role: call.actor.role, assignable: call.actor.role === 'system' ? Object.keys(call.programme.roles) : (call.programme.roles[call.actor.role]?.assignable ?? []) } })
