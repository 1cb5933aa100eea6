import type { AuditActor, AuditEntry } from './types.ts'

/** Who, as every event writes it down. */
export interface AuditWho { userId: string; role: string; orgId: string | null }
interface SignatureFacts { entity: string; signature: string; button: string; count: number; /** of the frozen set */ hash: string }

const who = (a: AuditWho, ip?: string): AuditActor => ({ id: a.userId || null, role: a.role, org: a.orgId, ...(ip ? { ip } : {}) })
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
  passwordReset: (a: AuditWho, of: { entity: string; record: string }): AuditEntry => ({ actor: who(a), action: 'password.reset', entity: of.entity, record: of.record }),
  accountOpened: (a: AuditWho, of: { entity: string; record: string; user: string }): AuditEntry => ({ actor: who(a), action: 'account.open', entity: of.entity, record: of.record, detail: { user: of.user } }),
  signatureBegun: (a: AuditWho, { entity, ...detail }: SignatureFacts): AuditEntry => ({ actor: who(a), action: 'signature.begin', entity, detail }),
  signatureDrawn: (s: { id: string; user: string; entity: string; hash: string }, ip: string): AuditEntry => ({ actor: { id: s.user, ip }, action: 'signature.draw', entity: s.entity, detail: { signature: s.id, hash: s.hash } }),
  signatureUsed: (a: AuditWho, { entity, ...detail }: SignatureFacts): AuditEntry => ({ actor: who(a), action: 'signature.use', entity, detail }),
  lookup: (of: { entity: string; lookup: string; record: string | null }, ip: string): AuditEntry => ({ actor: nobody(ip), action: 'lookup.ask', entity: of.entity, record: of.record, detail: { lookup: of.lookup, found: of.record !== null } }),
  exported: (a: AuditWho, of: { entity: string; export: string; count: number; file?: string | null }): AuditEntry => ({ actor: who(a), action: 'export.make', entity: of.entity, detail: { export: of.export, count: of.count, file: of.file ?? null } }),
  printed: (a: AuditWho, of: { entity: string; document: string; count: number }): AuditEntry => ({ actor: who(a), action: 'document.make', entity: of.entity, detail: { document: of.document, count: of.count } }),
  fileRead: (a: AuditWho, of: { file: string; entity: string | null; record: string | null }): AuditEntry => ({ actor: who(a), action: 'file.read', entity: of.entity, record: of.record, detail: { file: of.file } }),
  /** an outcome or action on a set; large sets are told by count, the history has each record */
  acted: (a: AuditWho, of: { entity: string; button: string; records: string[]; refused: number }): AuditEntry => ({ actor: who(a), action: 'record.act', entity: of.entity, record: of.records.length === 1 ? of.records[0]! : null, detail: { button: of.button, done: of.records.length, refused: of.refused, ...(of.records.length > 1 ? { first: of.records.slice(0, 100) } : {}) } }),
  /** fields are told by path; what they held is in the history */
  changed: (a: AuditWho, of: { entity: string; record: string; paths: string[]; reason?: string }): AuditEntry => ({ actor: who(a), action: 'record.update', entity: of.entity, record: of.record, detail: { paths: of.paths, ...(of.reason ? { reason: of.reason } : {}) } }),
  removed: (a: AuditWho, of: { entity: string; records: string[] }): AuditEntry => ({ actor: who(a), action: 'record.delete', entity: of.entity, record: of.records.length === 1 ? of.records[0]! : null, detail: { count: of.records.length, first: of.records.slice(0, 100) } }),
  imported: (a: AuditWho, of: { entity: string; import: string; ok: number; failed: number }): AuditEntry => ({ actor: who(a), action: 'import.run', entity: of.entity, detail: { import: of.import, ok: of.ok, failed: of.failed } }),
} as const
