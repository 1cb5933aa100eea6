import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '#server/platform/config.ts'
import type { Check } from './commands/doctor.ts'

const isKeyFileMissing = (keys: string): boolean => !keys.trimStart().startsWith('{') && !existsSync(keys)

/** Recomputes every seal of the audit trail, up to the head that is kept outside the database. Nothing sealed yet is sound. */
export async function auditCheck(config: Config): Promise<Check[]> {
  const file = config.database.url.startsWith('sqlite:') ? config.database.url.slice(7) : null
  if ((file !== null && !existsSync(file)) || isKeyFileMissing(config.keys)) return []
  const [{ migrationStatus, openDatabase }, { createKeyring, loadSecrets }, { createAudit, publishedHead }, { makeClock }, { createLog }] = await Promise.all([
    import('#server/data/index.ts'), import('#server/platform/crypto.ts'), import('#server/runtime/audit/index.ts'), import('#server/platform/make-clock.ts'), import('#server/platform/log.ts')])
  // a database that cannot be opened has a check of its own
  const db = await openDatabase({ url: config.database.url, poolSize: 1 }).catch(() => null)
  if (!db) return []
  try {
    if ((await migrationStatus(db)).pending.length > 0) return []
    const audit = createAudit({ db, clock: makeClock(config), keyring: createKeyring(loadSecrets(config.keys)), log: createLog({ level: 'silent' }) })
    const kept = await publishedHead(join(config.varDir, 'audit', 'heads.jsonl'))
    const verdict = await audit.verifyChain(kept ?? undefined)
    if (verdict.ok) return [{ name: 'audit', ok: true, needed: true, detail: `${verdict.rows} entries in ${verdict.seals} seals unchanged${kept ? `, head ${kept.seal} as published` : ''}` }]
    const { seal, fromSeq, toSeq, what } = verdict.problem
    return [{ name: 'audit', ok: false, needed: true, detail: `${what}: seal ${seal} over entries ${fromSeq} to ${toSeq}`, fix: 'compare with a backup: entries were changed, removed or added outside Certflow, or the keys are others' }]
  } finally { await db.close() }
}
