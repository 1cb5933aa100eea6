import { z } from 'zod'
import type { Clock } from '#server/platform/clock.ts'
import { isMailbox } from './message.ts'
import type { MailPort } from './port.ts'
import { smtpMail } from './smtp.ts'

export type { MailPort } from './port.ts'
export const MailSettings = z.union([
  z.strictObject({ url: z.string().regex(/^smtps?:\/\/.+$/, 'must be smtp://… or smtps://…'), from: z.string().refine(isMailbox, 'must be one mail address'), timeoutMs: z.number().int().min(100).max(120_000).optional(), ca: z.string().optional() }),
  z.strictObject({ url: z.undefined().optional() }),
])
export const createMail = (settings: z.infer<typeof MailSettings>, clock: Clock): MailPort => (settings.url === undefined ? { send: async () => ({ ok: true, sent: false }) } : smtpMail(settings, clock))
