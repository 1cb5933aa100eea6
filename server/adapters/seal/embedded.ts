import type { SealPort } from './port.ts'

/** The seals of the organisations are pictures of the printed document; nothing is added to it. */
export const embeddedSeal = (settings: { fail?: boolean }): SealPort => ({
  seal: async () => (settings.fail ? { ok: false, code: 'UNREACHABLE', message: '电子签章服务无法连接，请稍后重试', retry: true } : { ok: true, bytes: null }),
})
