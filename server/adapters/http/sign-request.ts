import { createHash, createHmac } from 'node:crypto'

/**
 * Headers of a signed request. Signed is `METHOD \n path \n timestamp (ms) \n sha-256 of the body in hex`, with HMAC-SHA-256, in hex.
 * The other side refuses a timestamp more than five minutes off, and repeats of one timestamp and signature.
 */
export function signedHeaders(request: { method: string; url: string; body: string; at: number; appId: string; secret: string }): Record<string, string> {
  return { 'x-app-id': request.appId, 'x-timestamp': String(request.at), 'x-signature': signatureOf(request) }
}

export function signatureOf({ method, url, body, at, secret }: { method: string; url: string; body: string; at: number; secret: string }): string {
  const digest = createHash('sha256').update(body).digest('hex')
  return createHmac('sha256', secret).update(`${method}\n${new URL(url).pathname}\n${at}\n${digest}`).digest('hex')
}
