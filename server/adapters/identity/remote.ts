import type { Clock } from '#server/platform/clock.ts'
import { requestJson, type JsonClientOptions } from '../http/json-client.ts'
import { signedHeaders } from '../http/sign-request.ts'
import type { IdentityPort } from './port.ts'

export interface RemoteIdentity extends Omit<JsonClientOptions, 'service'> { url: string; appId: string; secret: string }

/**
 * POST <url>, signed (http/sign-request.ts): {"requestId", "name", "idNumber", "photo": base64}
 * 200 {"requestId": the same, "result": "MATCH" | "MISMATCH"}. A repeated requestId gets the same answer.
 */
export function remoteIdentity(settings: RemoteIdentity, clock: Clock): IdentityPort {
  return {
    async verify({ key, name, idNo, photo }) {
      const body = JSON.stringify({ requestId: key, name, idNumber: idNo, photo: photo.toString('base64') })
      const answer = await requestJson({ method: 'POST', url: settings.url, body, headers: () => signedHeaders({ method: 'POST', url: settings.url, body, at: clock.now(), appId: settings.appId, secret: settings.secret }) }, { ...settings, service: '身份核验服务' })
      if (!answer.ok) return answer
      const { requestId, result } = answer.body
      if (requestId !== key || (result !== 'MATCH' && result !== 'MISMATCH')) return { ok: false, code: 'ANSWER_INVALID', message: '身份核验服务返回了无法识别的结果，请检查服务地址', retry: false }
      return { ok: true, match: result === 'MATCH' }
    },
  }
}
