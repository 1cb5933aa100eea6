import type { Engine } from '#server/runtime/records/index.ts'
import { addressesOf } from './addresses.store.ts'
import { claim, dueNotices, markFailed, markLater, markSent, type WaitingNotice } from './outbox.store.ts'

export type Delivery = { ok: true; /** false = there is no gateway, the row stays in the outbox */ sent: boolean } | { ok: false; code: string; message: string; retry: boolean }
export interface Gateways {
  sms: { send(message: { key: string; to: string; text: string }): Promise<Delivery> }
  mail: { send(letter: { key: string; to: string; subject: string; text: string }): Promise<Delivery> }
}
export interface Delivered { sent: number; kept: number; failed: number; later: number }
const BATCH = 100

/** Sends what waits, row by row. The row's id is the key of its message, so a gateway recognises a repeat after a crash. */
export async function deliver(engine: Engine, gateways: Gateways, now: number, stop: AbortSignal): Promise<Delivered> {
  const out: Delivered = { sent: 0, kept: 0, failed: 0, later: 0 }
  for (let after = 0; !stop.aborted;) {
    const rows = await dueNotices(engine.db, now, after, BATCH)
    if (rows.length === 0) return out
    after = Number(rows.at(-1)!.id)
    const addresses = await addressesOf(engine, rows)
    for (const row of rows) {
      if (stop.aborted) return out
      if (await claim(engine.db, row)) out[await one(engine, gateways, row, addresses.get(row.id) ?? null, now)]++
    }
  }
  return out
}

async function one(engine: Engine, gateways: Gateways, row: WaitingNotice, to: string | null, now: number): Promise<keyof Delivered> {
  const result = to === null ? { ok: false as const, code: 'ADDRESS_MISSING', message: row.channel === 'sms' ? '收件人没有手机号码' : '收件人没有邮箱地址', retry: false } : await send(gateways, row, to)
  if (result.ok) { await markSent(engine.db, row.id, result.sent, now); return result.sent ? 'sent' : 'kept' }
  if (result.retry && (await markLater(engine.db, row, result.message))) return 'later'
  await markFailed(engine.db, row, result.message)
  return 'failed'
}

async function send(gateways: Gateways, row: WaitingNotice, to: string): Promise<Delivery> {
  const key = `notification/${row.id}`
  if (row.channel === 'sms') return gateways.sms.send({ key, to, text: row.body })
  if (row.channel === 'email') return gateways.mail.send({ key, to, subject: row.title, text: row.body })
  return { ok: false, code: 'CHANNEL_UNKNOWN', message: `没有发送渠道“${row.channel}”`, retry: false }
}
