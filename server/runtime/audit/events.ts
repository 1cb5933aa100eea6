import type { JsonObject } from '#server/platform/json.ts'
import type { AuditActor, AuditEntry } from './types.ts'

/** Who, as every event writes it down. */
export interface AuditWho { userId: string; role: string; orgId: string | null }
interface SignatureFacts { entity: string; signature: string; button: string; count: number; /** of the frozen set */ hash: string }

const who = (a: AuditWho, ip?: string): AuditActor => ({ id: a.userId || null, role: a.role, org: a.orgId, ...(ip ? { ip } : {}) })
const CHANGES: Record<string, string> = { create: 'record.create', edit: 'record.update', delete: 'record.delete' }
/** larger sets are told by count and their first members; the history has each record */
const MOST_NAMED = 100
const set = (records: string[], more: JsonObject): Pick<AuditEntry, 'record' | 'detail'> =>
  (records.length === 1 ? { record: records[0]!, detail: more } : { record: null, detail: { ...more, count: records.length, first: records.slice(0, MOST_NAMED) } })
const nobody = (ip: string): AuditActor => ({ role: 'public', ip })

/**
 * What has to be provable later, one function per kind of event. Ids and codes only; never a password, a code or a personal number.
 * Adding a kind is free; changing the meaning of one needs a new name, for old rows keep theirs.
 */
export const auditEvent = {
  /** `account` is kept of failures only as far as it is known to be one */
  signIn: (result: { ok: true; actor: AuditWho } | { ok: false; code: string; user?: string | null }, ip: string): AuditEntry =>
    (result.ok ? { actor: who(result.actor, ip), action: 'session.start', record: result.actor.userId } : { actor: nobody(ip), action: 'session.refuse', record: result.user ?? null, detail: { code: result.code } }),
  signOut: (a: AuditWho, ip?: string): AuditEntry => ({ actor: who(a, ip), action: 'session.end', record: a.userId }),
  passwordChanged: (a: AuditWho, ip?: string): AuditEntry => ({ actor: who(a, ip), action: 'password.change', record: a.userId }),
  secondFactor: (a: AuditWho, what: 'enrol' | 'verify' | 'refuse' | 'remove', ip?: string): AuditEntry => ({ actor: who(a, ip), action: `second-factor.${what}`, record: a.userId }),
  passwordReset: (a: AuditWho, of: { entity: string; record: string }): AuditEntry => ({ actor: who(a), action: 'password.reset', entity: of.entity, record: of.record }),
  accountOpened: (a: AuditWho, of: { entity: string; record: string }): AuditEntry => ({ actor: who(a), action: 'account.open', entity: of.entity, record: of.record }),
  signatureBegun: (a: AuditWho, { entity, ...detail }: SignatureFacts): AuditEntry => ({ actor: who(a), action: 'signature.begin', entity, detail }),
  signatureDrawn: (s: { id: string; user: string; entity: string; hash: string }, ip: string): AuditEntry => ({ actor: { id: s.user, ip }, action: 'signature.draw', entity: s.entity, detail: { signature: s.id, hash: s.hash } }),
  signatureUsed: (a: AuditWho, { entity, ...detail }: SignatureFacts): AuditEntry => ({ actor: who(a), action: 'signature.use', entity, detail }),
  lookup: (of: { entity: string; lookup: string; record: string | null }, ip: string): AuditEntry => ({ actor: nobody(ip), action: 'lookup.ask', entity: of.entity, record: of.record, detail: { lookup: of.lookup, found: of.record !== null } }),
  exported: (a: AuditWho, of: { entity: string; export: string; count: number; file?: string | null; plain?: string[] }): AuditEntry => ({ actor: who(a), action: 'export.make', entity: of.entity, detail: { export: of.export, count: of.count, file: of.file ?? null, ...(of.plain?.length ? { plain: of.plain } : {}) } }),
  printed: (a: AuditWho, of: { entity: string; document: string; records: string[]; failed: number; file?: string | null }): AuditEntry => ({ actor: who(a), action: 'document.make', entity: of.entity, ...set(of.records, { document: of.document, failed: of.failed, file: of.file ?? null }) }),
  fileRead: (a: AuditWho, of: { file: string; kind: string; entity: string | null; record: string | null }): AuditEntry => ({ actor: who(a), action: 'file.read', entity: of.entity, record: of.record, detail: { file: of.file, kind: of.kind } }),
  /** personal numbers that were shown whole; `where` is the kind of screen */
  plainRead: (a: AuditWho, of: { entity: string; where: string; records: string[]; paths: string[] }): AuditEntry => ({ actor: who(a), action: 'personal.read', entity: of.entity, ...set(of.records, { where: of.where, paths: of.paths }) }),
  /** an action that has effects or an operation beside what it changes in its own records, whose changes have entries of their own */
  acted: (a: AuditWho, of: { entity: string; button: string; records: string[]; refused: number }): AuditEntry => ({ actor: who(a), action: 'record.act', entity: of.entity, ...set(of.records, { button: of.button, refused: of.refused }) }),
  /** fields are told by path; what they held is in the history */
  changed: (a: AuditWho, of: { entity: string; kind: string; outcome?: string; element?: string; records: string[]; paths: string[] }): AuditEntry => ({
    actor: who(a), action: CHANGES[of.kind] ?? 'record.move', entity: of.entity,
    ...set(of.records, { ...(CHANGES[of.kind] ? {} : { kind: of.kind }), ...(of.outcome ? { by: of.outcome } : {}), ...(of.element ? { element: of.element } : {}), ...(of.paths.length ? { paths: of.paths.slice(0, MOST_NAMED) } : {}) }),
  }),
  imported: (a: AuditWho, of: { entity: string; import: string; job: string; ok: number; failed: number }): AuditEntry => ({ actor: who(a), action: 'import.run', entity: of.entity, detail: { import: of.import, job: of.job, ok: of.ok, failed: of.failed } }),
  tokenMade: (a: AuditWho, of: { token: string; scope: string; expiresAt: string }): AuditEntry => ({ actor: who(a), action: 'token.create', record: a.userId, detail: of }),
  tokenRevoked: (a: AuditWho, of: { token: string }): AuditEntry => ({ actor: who(a), action: 'token.revoke', record: a.userId, detail: of }),
} as const
