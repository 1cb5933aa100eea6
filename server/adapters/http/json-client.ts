import { setTimeout as wait } from 'node:timers/promises'
import type { Failure } from '../outcome.ts'

export interface JsonRequest {
  method: 'GET' | 'POST'
  url: string
  body?: string
  /** asked anew for each try, so that a signature carries the time of its own try */
  headers?: () => Record<string, string>
}
export interface JsonClientOptions {
  /** what the service is called in messages */
  service: string
  /** ms of one try (default 10 000) */
  timeoutMs?: number
  /** tries after the first (default 2) */
  retries?: number
  /** ms before the second try, doubled each time (default 500) */
  pauseMs?: number
}
export type JsonAnswer = { ok: true; status: number; body: Record<string, unknown> } | Failure

const LATER = new Set([408, 425, 429, 500, 502, 503, 504])
const MAX_BYTES = 32 * 1024 * 1024
const MAX_PAUSE = 30_000

/**
 * One request with a time limit. Lost connections, time-outs, 408, 425, 429 and 5xx are tried again (Retry-After is honoured up to 30 s);
 * every other refusal is final. Redirects are not followed: a signed request belongs to its address.
 */
export async function requestJson(request: JsonRequest, options: JsonClientOptions): Promise<JsonAnswer> {
  const { retries = 2, pauseMs = 500 } = options
  for (let attempt = 0; ; attempt++) {
    const { answer, after } = await once(request, options)
    if (answer.ok || !answer.retry || attempt >= retries) return answer
    await wait(Math.min(MAX_PAUSE, after ?? pauseMs * 2 ** attempt))
  }
}

const fail = (service: string, code: string, what: string, retry: boolean): Failure => ({ ok: false, code, message: `${service}${what}`, retry })

async function once(request: JsonRequest, { service, timeoutMs = 10_000 }: JsonClientOptions): Promise<{ answer: JsonAnswer; after?: number }> {
  let response: Response
  let text: string
  try {
    response = await fetch(request.url, {
      method: request.method, redirect: 'error', signal: AbortSignal.timeout(timeoutMs), ...(request.body === undefined ? {} : { body: request.body }),
      headers: { accept: 'application/json', ...(request.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }), ...request.headers?.() },
    })
    text = await limited(response)
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError'
    return { answer: fail(service, late ? 'TIMEOUT' : 'UNREACHABLE', late ? `在 ${timeoutMs / 1000} 秒内没有响应，请稍后重试` : '无法连接，请稍后重试', true) }
  }
  const body = parse(text)
  if (!response.ok) {
    const retry = LATER.has(response.status)
    const after = Number(response.headers.get('retry-after'))
    return { answer: fail(service, `HTTP_${response.status}`, `拒绝了请求（${response.status}${reason(body)}）${retry ? '，请稍后重试' : '，请检查配置'}`, retry), ...(after > 0 ? { after: after * 1000 } : {}) }
  }
  if (!body) return { answer: fail(service, 'ANSWER_INVALID', '返回的内容不是 JSON 对象，请检查服务地址', false) }
  return { answer: { ok: true, status: response.status, body } }
}

async function limited(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of (response.body as AsyncIterable<Uint8Array> | null) ?? []) {
    bytes += part.length
    if (bytes > MAX_BYTES) throw new Error(`the answer is longer than ${MAX_BYTES} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value as Record<string, unknown> : null
  } catch { return null }
}
const reason = (body: Record<string, unknown> | null): string => (typeof body?.['message'] === 'string' ? `，${body['message'].slice(0, 200)}` : '')
