import { z } from 'zod'
import type { Clock } from '#server/platform/clock.ts'
import { remote } from '../http/address.ts'
import { requestJson } from '../http/json-client.ts'
import { signedHeaders } from '../http/sign-request.ts'
import type { SmsPort } from './port.ts'

export type { SmsPort } from './port.ts'
export const SmsSettings = z.union([z.strictObject(remote), z.strictObject({ url: z.undefined().optional() })])
type Remote = z.infer<z.ZodObject<typeof remote>>

/** POST <url>, signed: {"requestId", "phone", "text"} · 200 {"requestId": the same}. A repeated requestId is delivered once. */
const gateway = (settings: Remote, clock: Clock): SmsPort => ({
  async send({ key, to, text }) {
    const body = JSON.stringify({ requestId: key, phone: to, text })
    const answer = await requestJson({ method: 'POST', url: settings.url, body, headers: () => signedHeaders({ method: 'POST', url: settings.url, body, at: clock.now(), appId: settings.appId, secret: settings.secret }) }, { ...settings, service: '短信服务' })
    if (!answer.ok) return answer
    return answer.body['requestId'] === key ? { ok: true, sent: true } : { ok: false, code: 'ANSWER_INVALID', message: '短信服务返回了无法识别的结果，请检查服务地址', retry: false }
  },
})
export const createSms = (settings: z.infer<typeof SmsSettings>, clock: Clock): SmsPort => (settings.url === undefined ? { send: async () => ({ ok: true, sent: false }) } : gateway(settings, clock))
