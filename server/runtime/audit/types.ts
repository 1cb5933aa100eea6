import type { Queries } from '#server/data/index.ts'
import type { Json } from '#server/platform/json.ts'

export interface AuditActor { id?: string | null; role?: string | null; org?: string | null; ip?: string | null }
export interface AuditEntry {
  actor: AuditActor
  /** what was done, such as "record.update" or "session.start" */
  action: string
  entity?: string | null
  record?: string | null
  /** ids and codes; personal numbers are masked on the way in */
  detail?: Json
}
export interface AuditRow extends AuditEntry { seq: number; at: number }

/** The newest seal: whoever keeps a copy elsewhere can prove that nothing before it was changed or cut off. */
export interface AuditHead { seal: number; toSeq: number; hash: string; at: number }
export interface AuditProblem { seal: number; fromSeq: number; toSeq: number; what: 'rows changed' | 'rows missing or added' | 'chain broken' | 'head missing' }
export type AuditVerdict = { ok: true; seals: number; rows: number; head: AuditHead | null } | { ok: false; seals: number; rows: number; problem: AuditProblem }

export interface AuditFilter { record?: string; actor?: string; action?: string; from?: number; to?: number; before?: number; limit?: number }

export interface Audit {
  /** Writes in the business transaction, unchained. */
  write(t: Queries, entries: AuditEntry | AuditEntry[]): Promise<void>
  /** Chains what was committed since the last seal; returns the rows sealed. Any number of processes may. */
  seal(): Promise<number>
  /** Seals every second until stopped. */
  sealer(everyMs?: number): { start(): void; stop(): Promise<void> }
  /** Recomputes every seal. `expected` = a head that was kept elsewhere. */
  verifyChain(expected?: AuditHead): Promise<AuditVerdict>
  head(): Promise<AuditHead | null>
  /** newest first */
  list(filter: AuditFilter): Promise<AuditRow[]>
}
