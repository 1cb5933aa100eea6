export { createAudit, type AuditDeps } from './audit.ts'
export { auditEvent, type AuditWho } from './events.ts'
export { publishedHead, publishToFile } from './head-file.ts'
export type { Audit, AuditActor, AuditEntry, AuditFilter, AuditHead, AuditProblem, AuditRow, AuditVerdict } from './types.ts'
