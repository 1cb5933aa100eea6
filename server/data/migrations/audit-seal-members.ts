import type { Migration } from './builder.ts'

/** Each entry names its seal. A range of numbers did not say enough: on a server a smaller number may be stored after a larger one is visible. */
export const auditSealMembers: Migration = {
  name: '0014-audit-seal-members',
  async up(b) {
    await b.addColumn('audit', `seal ${b.integer}`)
    await b.run('UPDATE audit SET seal = (SELECT s.seq FROM audit_seals s WHERE audit.seq BETWEEN s.from_seq AND s.to_seq)')
    await b.index('audit', 'seal', 'seal, seq')
  },
}
