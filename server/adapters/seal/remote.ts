import { createHash } from 'node:crypto'
import type { Clock } from '#server/platform/clock.ts'
import { requestJson, type JsonClientOptions } from '../http/json-client.ts'
import { signedHeaders } from '../http/sign-request.ts'
import type { SealPort } from './port.ts'

export interface RemoteSeal extends Omit<JsonClientOptions, 'service'> { url: string; appId: string; secret: string }
const NOT_PDF = { ok: false, code: 'ANSWER_INVALID', message: '电子签章服务返回的不是该文件的盖章结果，请检查服务地址', retry: false } as const

/** POST <url>, signed: {"requestId", "name", "sha256", "document": base64} · 200 {"requestId": the same, "document": base64 of the sealed PDF} */
export function remoteSeal(settings: RemoteSeal, clock: Clock): SealPort {
  return {
    async seal({ key, name, read }) {
      const bytes = await read()
      const body = JSON.stringify({ requestId: key, name, sha256: createHash('sha256').update(bytes).digest('hex'), document: bytes.toString('base64') })
      const answer = await requestJson({ method: 'POST', url: settings.url, body, headers: () => signedHeaders({ method: 'POST', url: settings.url, body, at: clock.now(), appId: settings.appId, secret: settings.secret }) }, { timeoutMs: 30_000, ...settings, service: '电子签章服务' })
      if (!answer.ok) return answer
      if (answer.body['requestId'] !== key || typeof answer.body['document'] !== 'string') return NOT_PDF
      const sealed = Buffer.from(answer.body['document'], 'base64')
      return sealed.subarray(0, 5).toString('latin1') === '%PDF-' ? { ok: true, bytes: sealed } : NOT_PDF
    },
  }
}
