import type { Db, SqlValue } from '#server/data/index.ts'
import type { Clock } from '#server/platform/clock.ts'
import type { Keyring } from '#server/platform/crypto.ts'
import { fromColumn, toColumn } from '#server/platform/json.ts'
import { redactText, type Log } from '#server/platform/log.ts'
import { auditStore, type StoredAudit } from './audit.store.ts'
import { sealOnce } from './seal.ts'
import type { Audit, AuditEntry, AuditHead, AuditRow } from './types.ts'
import { headOf, verify } from './verify.ts'

export interface AuditDeps {
  db: Db; clock: Clock; keyring: Keyring; log: Log
  /** keeps a copy of the newest seal outside the database */
  publish?: (head: AuditHead) => Promise<void>
}

export const createAudit = ({ db, clock, keyring, log, publish }: AuditDeps): Audit => {
  const store = auditStore(db)
  const values = (e: AuditEntry): SqlValue[] => {
    const detail = toColumn(e.detail)
    return [clock.now(), e.actor.id ?? null, e.actor.role ?? null, e.actor.org ?? null, e.actor.ip ?? null, e.action, e.entity ?? null, e.record ?? null, detail === null ? null : redactText(detail)]
  }
  const seal = (): Promise<number> => sealOnce({ store, clock, keyring, publish })
  return {
    async write(t, entries) { await store.insert(t, (Array.isArray(entries) ? entries : [entries]).map(values)) },
    seal,
    sealer(everyMs = 1_000) {
      let timer: NodeJS.Timeout | undefined
      let round: Promise<void> = Promise.resolve()
      let stopped = true
      const next = (): void => {
        round = seal().then(() => undefined, (e: unknown) => { log.error({ err: e }, 'the audit trail could not be sealed') })
          .then(() => { if (!stopped) timer = setTimeout(next, everyMs) })
      }
      return {
        start() { if (stopped) { stopped = false; next() } },
        async stop() { stopped = true; clearTimeout(timer); await round; await seal() },
      }
    },
    verifyChain: (expected) => verify(store, keyring, expected),
    async head() { const last = await store.lastSeal(); return last ? headOf(last) : null },
    async list(filter) { return (await store.list(filter)).map(toRow) },
  }
}

const id = (v: number | string | null): string | null => (v === null ? null : String(v))
const toRow = (r: StoredAudit): AuditRow => ({
  seq: r.seq, at: r.at, actor: { id: id(r.actor_id), role: r.actor_role, org: id(r.actor_org), ip: r.ip }, action: r.action, entity: r.entity, record: id(r.record_id), detail: fromColumn(r.detail),
})
