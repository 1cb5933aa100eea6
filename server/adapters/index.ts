import { z } from 'zod'
import type { Db } from '#server/data/index.ts'
import type { Clock } from '#server/platform/clock.ts'
import { AppError } from '#server/platform/errors.ts'
import { createIdentity, IdentitySettings, type IdentityPort } from './identity/index.ts'
import { createLedger, LedgerSettings, type LedgerPort } from './ledger/index.ts'
import { createMail, MailSettings, type MailPort } from './mail/index.ts'
import { createSeal, SealSettings, type SealPort } from './seal/index.ts'
import { createSms, SmsSettings, type SmsPort } from './sms/index.ts'

export interface Adapters { identity: IdentityPort; ledger: LedgerPort; seal: SealPort; sms: SmsPort; mail: MailPort }
export type { IdentityPort, LedgerPort, MailPort, SealPort, SmsPort }
export { verifyLedger } from './ledger/index.ts'

const Settings = z.strictObject({
  identity: IdentitySettings.default({}), ledger: LedgerSettings.default({}), seal: SealSettings.default({}), sms: SmsSettings.default({}), mail: MailSettings.default({}),
})

/** Outside systems by name: what has an address in the settings is real, the rest is embedded. CONFIG_INVALID lists every problem at once. */
export function createAdapters(settings: Record<string, unknown>, clock: Clock, db: Db): Adapters {
  const parsed = Settings.safeParse(settings)
  if (!parsed.success) throw new AppError('CONFIG_INVALID', { problems: parsed.error.issues.flatMap((i) => problems(i, 'adapters')).join('\n') })
  const s = parsed.data
  return { identity: createIdentity(s.identity, clock), ledger: createLedger(s.ledger, db, clock), seal: createSeal(s.seal, clock), sms: createSms(s.sms, clock), mail: createMail(s.mail, clock) }
}

/** Of a union only what keeps the real settings from fitting is of use to the person who wrote them. */
function problems(issue: z.core.$ZodIssue, at: string): string[] {
  const path = [at, ...issue.path.map(String)].join('.')
  if (issue.code === 'invalid_union' && issue.errors[0]) return issue.errors[0].flatMap((i) => problems(i, path))
  return [`${path}: ${issue.message}`]
}
