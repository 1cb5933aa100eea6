import { createHmac, createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Seen { method: string; path: string; headers: IncomingMessage['headers']; body: string; json: Record<string, unknown> }
export interface Reply { status: number; body: unknown; headers?: Record<string, string>; /** no answer at all */ hang?: boolean; /** the connection is cut */ cut?: boolean }

export const SECRET = 'a secret of at least sixteen characters'
export const APP = 'certflow-test'

/** Checks a request as the protocol asks: known app, time within five minutes, HMAC over method, path, time and body. */
export function signatureProblem(seen: Seen, now: number): string | null {
  const at = Number(seen.headers['x-timestamp'])
  if (seen.headers['x-app-id'] !== APP) return 'unknown app'
  if (!(Math.abs(now - at) <= 300_000)) return 'stale'
  const text = `${seen.method}\n${seen.path}\n${at}\n${createHash('sha256').update(seen.body).digest('hex')}`
  return seen.headers['x-signature'] === createHmac('sha256', SECRET).update(text).digest('hex') ? null : 'wrong signature'
}

/** An HTTP service on a free port; `answer` decides each reply. */
export async function httpService(answer: (seen: Seen, n: number) => Reply | Promise<Reply>): Promise<{ url: string; seen: Seen[]; close(): Promise<void> }> {
  const seen: Seen[] = []
  const server = createServer((req, res) => {
    const parts: Buffer[] = []
    req.on('data', (p: Buffer) => parts.push(p))
    req.on('end', () => void (async () => {
      const body = Buffer.concat(parts).toString('utf8')
      const one: Seen = { method: req.method ?? '', path: req.url ?? '', headers: req.headers, body, json: body ? JSON.parse(body) as Record<string, unknown> : {} }
      seen.push(one)
      const reply = await answer(one, seen.length)
      if (reply.hang) return
      if (reply.cut) { req.socket.destroy(); return }
      res.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
      res.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
    })())
  })
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, close: () => new Promise((done) => { server.closeAllConnections(); server.close(() => done()) }) }
}
