import { randomBytes } from 'node:crypto'
import type { RequestHandler } from 'express'

export interface RequestEntry { id: string; method: string; path: string; status: number; ms: number; address: string }

/** Gives each request an id (kept from a proxy when it is well-formed) and reports it when it is answered. Query strings stay out: they may hold names. */
export const requestLog = (report?: (entry: RequestEntry) => void): RequestHandler => (req, res, next) => {
  const given = req.get('x-request-id')
  const id = given && /^[\w-]{8,64}$/.test(given) ? given : randomBytes(9).toString('base64url')
  const started = performance.now()
  res.locals.requestId = id
  res.setHeader('X-Request-Id', id)
  if (report) {
    const { method, path } = req
    res.on('finish', () => report({ id, method, path, status: res.statusCode, ms: Math.round(performance.now() - started), address: req.ip ?? '' }))
  }
  next()
}
