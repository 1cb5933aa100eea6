import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { createRequestHandler } from '@remix-run/express'
import type { ServerBuild } from '@remix-run/node'
import compression from 'compression'
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express'
import type { ViteDevServer } from 'vite'
import type { Services } from '#server/services.ts'
import { bodyLimit } from './body-limit.ts'
import { contentDisposition } from './content-disposition.ts'
import type { HostContext } from './context.ts'
import { cookieWriters, LANG_COOKIE, readCookie } from './cookies.ts'
import { documentPreviewRouter } from './document-preview.ts'
import { filesRouter } from './files.ts'
import { healthRouter } from './health.ts'
import { jobEventsRouter } from './job-events.ts'
import { listenOn } from './listen.ts'
import { withNumberedFailures, type OnError } from './numbered-failures.ts'
import { plainPage } from './plain-page.ts'
import { requestLog, type RequestEntry } from './request-log.ts'
import { sameSecret } from './same-secret.ts'
import { securityHeaders } from './security-headers.ts'
import { sessionOf } from './session.ts'

const MB = 1_048_576

export interface HostConfig {
  host: string
  /** 0 = any free port */
  port: number
  /** cookies and HSTS for TLS */
  secureCookies: boolean
  /** express "trust proxy"; false = the socket's address is the caller's */
  trustProxy?: boolean | number | string
  /** forms and actions; default 16 MB */
  maxBodyBytes?: number
  /** uploads; default 1024 MB */
  maxFileBytes?: number
  /** of the repository; holds build/ and public/; default the working directory */
  root?: string
}
export interface HostOptions {
  services: Services
  config: HostConfig
  mode: 'production' | 'development'
  onRequest?: (entry: RequestEntry) => void
  onError?: OnError
  /** further routers (REST), mounted before the pages; they limit their bodies themselves */
  mount?: (app: Express) => void
}
export interface Host {
  app: Express
  listen(): Promise<{ url: string; port: number }>
  /** stops accepting, lets running answers end (at most 5 s), ends the dev server */
  close(): Promise<void>
}

const contextOf = (services: Services, secure: boolean) => {
  const cookies = cookieWriters(secure)
  return (req: Request, res: Response): HostContext => {
    const session = sessionOf(services, req)
    return {
      services,
      cookies,
      session,
      attachment: (name) => contentDisposition('attachment', name),
      csrfHolds: async (given) => sameSecret(given, (await session())?.csrf ?? ''),
      nonce: String(res.locals.nonce),
      requestId: String(res.locals.requestId),
      address: req.ip ?? '',
      lang: readCookie(req.headers.cookie, LANG_COOKIE) === 'en' ? 'en' : 'zh',
    }
  }
}

const mountAssets = (app: Express, root: string): void => {
  app.use('/assets', express.static(join(root, 'build/client/assets'), { immutable: true, maxAge: '1y', index: false }))
  // a missing asset is an old page after a release: a page as the answer would only confuse the browser
  app.use('/assets', (_req, res) => { res.status(404).type('text/plain').send('not found') })
  app.use(express.static(join(root, 'build/client'), { maxAge: '1h', index: false }))
}

const loadBuild = async (root: string): Promise<ServerBuild> => {
  const file = join(root, 'build/server/index.js')
  if (!existsSync(file)) throw new Error(`the web is not built: ${file} is missing; run "npm run build"`)
  return (await import(file)) as ServerBuild
}

const lastResort = (onError?: OnError): ErrorRequestHandler => (error: unknown, _req, res, next) => {
  onError?.(error, String(res.locals.requestId))
  if (res.headersSent) return next(error)
  res.status(500).type('html').send(plainPage('系统暂时无法处理', `请稍后重试；如仍出现，请把编号 ${String(res.locals.requestId)} 告诉管理员。`, String(res.locals.nonce)))
}

/** The web process: pages, assets, uploads, downloads and job events over one Services object. */
export const createHost = async ({ services, config, mode, onRequest, onError, mount }: HostOptions): Promise<Host> => {
  const root = config.root ?? process.cwd()
  const dev = mode === 'development'
  const vite: ViteDevServer | null = dev ? await (await import('vite')).createServer({ root, server: { middlewareMode: true } }) : null
  const build = vite ? () => vite.ssrLoadModule('virtual:remix/server-build') as Promise<ServerBuild> : withNumberedFailures(await loadBuild(root), onError)

  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', config.trustProxy ?? false)
  app.use(requestLog(onRequest), securityHeaders({ dev, tls: config.secureCookies }))
  app.use(compression({ filter: (req, res) => !String(res.getHeader('Content-Type')).includes('event-stream') && compression.filter(req, res) }))
  if (vite) app.use(vite.middlewares)
  else mountAssets(app, root)
  app.use(healthRouter(services), filesRouter(services, config.maxFileBytes ?? 1024 * MB))
  // before the limit of forms: an import by REST is a file, and has the limits of its own router
  mount?.(app)
  app.use(bodyLimit(config.maxBodyBytes ?? 16 * MB))
  app.use(jobEventsRouter(services), documentPreviewRouter(services))
  app.all('*', createRequestHandler({ build, mode, getLoadContext: contextOf(services, config.secureCookies) as never }))
  app.use(lastResort(onError))

  const server: Server = createServer(app)
  return {
    app,
    listen: async () => {
      const port = await listenOn(server, config.host, config.port)
      // such as no more file handles for a connection: the server goes on
      server.on('error', (error) => onError?.(error, 'server'))
      return { url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`, port }
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => { server.close(() => resolve()) })
      server.closeIdleConnections()
      const force = setTimeout(() => server.closeAllConnections(), 5000)
      await closed
      clearTimeout(force)
      await vite?.close()
    },
  }
}
