import type { Clock } from '#server/platform/clock.ts'
import { isIdNumber } from './id-number.ts'
import type { IdentityPort } from './port.ts'

export interface EmbeddedIdentity { /** ID numbers that do not match, for demonstrations */ mismatch?: string[]; /** behaves as if the service were down */ fail?: boolean }

/**
 * Without a register of persons only the number itself can be checked: its check character and day of birth.
 * What is no resident ID number (a passport) cannot be, and goes to a person.
 */
export function embeddedIdentity(settings: EmbeddedIdentity, clock: Clock): IdentityPort {
  const mismatch = new Set((settings.mismatch ?? []).map((n) => n.trim().toUpperCase()))
  return {
    async verify({ idNo, name, photo }) {
      if (settings.fail) return { ok: false, code: 'UNREACHABLE', message: '身份核验服务无法连接，请稍后重试', retry: true }
      const number = idNo.trim().toUpperCase()
      return { ok: true, match: name.trim() !== '' && photo.length > 0 && !mismatch.has(number) && isIdNumber(number, clock.now()) }
    },
  }
}
