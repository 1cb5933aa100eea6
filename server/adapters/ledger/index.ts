import { z } from 'zod'
import type { Db } from '#server/data/index.ts'
import type { Clock } from '#server/platform/clock.ts'
import { remote } from '../http/address.ts'
import { embeddedLedger } from './embedded.store.ts'
import type { LedgerPort } from './port.ts'
import { remoteLedger } from './remote.ts'

export type { Anchor, LedgerPort } from './port.ts'
export { verifyLedger } from './embedded.store.ts'
export const LedgerSettings = z.union([z.strictObject({ ...remote, polls: z.number().int().min(0).max(1000).optional() }), z.strictObject({ fail: z.boolean().optional() })])
export function createLedger(settings: z.infer<typeof LedgerSettings>, db: Db, clock: Clock): LedgerPort {
  if ('url' in settings) return remoteLedger(settings, clock)
  return settings.fail ? { anchor: async () => ({ ok: false, code: 'UNREACHABLE', message: '上链服务无法连接，请稍后重试', retry: true }) } : embeddedLedger(db, clock)
}
