import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '#server/platform/clock.ts'
import { requestJson, type JsonAnswer, type JsonClientOptions } from '../http/json-client.ts'
import { signedHeaders } from '../http/sign-request.ts'
import type { Answer } from '../outcome.ts'
import type { Anchor, LedgerPort } from './port.ts'

export interface RemoteLedger extends Omit<JsonClientOptions, 'service'> { url: string; appId: string; secret: string; /** how often a pending transaction is asked for (default 20) */ polls?: number }

/**
 * POST <url>/transactions, signed: {"key", "digest"} and the header Idempotency-Key: 200/201 confirmed or 202 pending, both
 * {"txHash", "state": "confirmed" | "pending", "blockHeight", "blockHash"}; GET <url>/transactions/<txHash>, signed with an empty body, answers the same.
 */
export function remoteLedger(settings: RemoteLedger, clock: Clock): LedgerPort {
  const base = settings.url.replace(/\/$/, '')
  const options = { ...settings, service: '上链服务' }
  const headers = (method: string, url: string, body: string) => () => signedHeaders({ method, url, body, at: clock.now(), appId: settings.appId, secret: settings.secret })
  return {
    async anchor({ key, digest }) {
      const url = `${base}/transactions`
      const body = JSON.stringify({ key, digest })
      let answer = await requestJson({ method: 'POST', url, body, headers: () => ({ ...headers('POST', url, body)(), 'idempotency-key': key }) }, options)
      for (let i = 0, tx = pendingTx(answer); tx !== null && i < (settings.polls ?? 20); i++, tx = pendingTx(answer)) {
        await wait(settings.pauseMs ?? 500)
        const at = `${url}/${encodeURIComponent(tx)}`
        answer = await requestJson({ method: 'GET', url: at, headers: headers('GET', at, '') }, options)
      }
      return anchorOf(answer)
    },
  }
}

const pendingTx = (a: JsonAnswer): string | null => (a.ok && a.body['state'] === 'pending' && typeof a.body['txHash'] === 'string' ? a.body['txHash'] : null)

function anchorOf(answer: JsonAnswer): Answer<Anchor> {
  if (!answer.ok) return answer
  if (pendingTx(answer) !== null) return { ok: false, code: 'PENDING', message: '上链服务尚未确认该交易，请稍后重试', retry: true }
  const { state, blockHeight, blockHash, txHash } = answer.body
  if (state !== 'confirmed' || !Number.isInteger(blockHeight) || typeof blockHash !== 'string' || typeof txHash !== 'string') return { ok: false, code: 'ANSWER_INVALID', message: '上链服务返回了无法识别的结果，请检查服务地址', retry: false }
  return { ok: true, blockHeight: blockHeight as number, blockHash, txHash }
}
