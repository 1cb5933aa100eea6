import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import { authenticate, type Limits, type ServicesWithApi } from './authenticate.ts'
import { press, pressSet } from './buttons.ts'
import { isReply, type Handler } from './context.ts'
import { jsonBody } from './json-body.ts'
import { list } from './list.ts'
import { openApi } from './openapi/index.ts'
import { ofError, problem, type Reply } from './problem.ts'
import { rateLimit } from './rate-limit.ts'
import { create, get, patch, remove } from './records.ts'
import { getFile, importFile, job, putFile } from './transfers.ts'

const MB = 1_048_576
export interface ApiOptions {
  /** requests per minute of one token or user; default 600 */
  perMinute?: number
  /** failed attempts per minute and address; default 20 */
  failuresPerMinute?: number
  /** JSON bodies; default 1 MB */
  maxBodyBytes?: number
  /** uploads; default 200 MB */
  maxFileBytes?: number
  now?: () => number
  /** what was thrown, for the log */
  onError?: (error: unknown, requestId: string) => void
}

const document: Handler = async ({ services, actor, scope, req }) => ({ status: 200, body: openApi(await services.api.describe(actor), { scope, base: req.baseUrl }) })

/** First the fixed paths; an entity's come last, because their segments fit anything. */
const ROUTES: [path: string, methods: Partial<Record<'get' | 'post' | 'patch' | 'delete', Handler>>][] = [
  ['/openapi.json', { get: document }],
  ['/jobs/:id', { get: job }],
  ['/files', { post: putFile }],
  ['/files/:id', { get: getFile }],
  ['/:family/:entity/imports/:id', { post: importFile }],
  ['/:family/:entity/actions/:button', { post: pressSet }],
  ['/:family/:entity/:id/:button', { post: press }],
  ['/:family/:entity/:id', { get, patch, delete: remove }],
  ['/:family/:entity', { get: list, post: create }],
]

/** Written by hand: express would answer 304 by the ETag, but values computed when read change without a new revision. */
const send = (res: Response, { status, body, headers }: Reply): void => {
  if (res.headersSent) { res.destroy(); return }
  res.status(status)
  if (body !== undefined) res.set('Content-Type', 'application/json; charset=utf-8')
  res.set(headers ?? {})
  res.end(body === undefined ? undefined : JSON.stringify(body))
}
const requestId = (res: Response): string => String(res.locals.requestId ?? '')
const acceptsJson = (req: Request): boolean => req.accepts(['application/json', 'application/problem+json']) !== false || req.path.startsWith('/files/')

/** The REST resource derived from definitions, to be mounted at /api/v1. */
export const apiRouter = (services: ServicesWithApi, options: ApiOptions = {}): Router => {
  const router = Router({ caseSensitive: true })
  const now = options.now ?? Date.now
  const limits: Limits = { requests: rateLimit({ windowMs: 60_000, most: options.perMinute ?? 600 }, now), failures: rateLimit({ windowMs: 60_000, most: options.failuresPerMinute ?? 20 }, now), good: new Set() }
  const readBody = jsonBody(options.maxBodyBytes ?? MB)
  const guarded = (handler: Handler): RequestHandler => (req, res, next) => {
    const run = async (): Promise<void> => {
      if (!acceptsJson(req)) return send(res, problem(406, 'NOT_ACCEPTABLE', '只提供 application/json'))
      const caller = await authenticate(services, req, limits)
      if (isReply(caller)) return send(res, caller)
      const reply = await handler({ services, ...caller, req, res, readBody, maxFileBytes: options.maxFileBytes ?? 200 * MB })
      if (reply) send(res, reply)
    }
    run().catch(next)
  }
  router.use((_req, res, next) => { res.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }); next() })
  for (const [path, methods] of ROUTES) {
    for (const [method, handler] of Object.entries(methods)) router[method as 'get'](path, guarded(handler))
    const allow = Object.keys(methods).flatMap((m) => (m === 'get' ? ['GET', 'HEAD'] : [m.toUpperCase()])).join(', ')
    router.all(path, (req, res) => { send(res, req.method === 'OPTIONS' ? { status: 204, headers: { Allow: allow } } : problem(405, 'METHOD_NOT_ALLOWED', `此地址只支持 ${allow}`, {}, { Allow: allow })) })
  }
  router.use((_req, res) => { send(res, problem(404, 'NOT_FOUND', '没有此地址，请查看 openapi.json')) })
  const failed: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
    const reply = ofError(error, requestId(res))
    if (reply.status >= 500) options.onError?.(error, requestId(res))
    send(res, reply)
  }
  router.use(failed)
  return router
}
