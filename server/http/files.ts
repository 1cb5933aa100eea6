import { pipeline } from 'node:stream/promises'
import busboy from 'busboy'
import { Router, type Request, type Response } from 'express'
import type { Result, Services } from '#server/services.ts'
import { contentDisposition } from './content-disposition.ts'
import { sameSecret } from './same-secret.ts'
import { sessionOf } from './session.ts'

const PURPOSES = ['record', 'import', 'rich'] as const
type Purpose = (typeof PURPOSES)[number]
type Stored = Result<{ id: string; name: string; bytes: number }>
const refusal = (status: number, code: string, message: string): Stored => ({ ok: false, code, status, problems: [{ code, message }] })

/** Streams the first file of a multipart body into the store; nothing is held in memory. */
const receive = (req: Request, maxBytes: number, put: (name: string, body: NodeJS.ReadableStream) => Promise<Stored>): Promise<Stored> =>
  new Promise((resolve, reject) => {
    const parser = busboy({ headers: req.headers, defParamCharset: 'utf8', limits: { files: 1, fields: 10, fileSize: maxBytes } })
    let stored: Promise<Stored> | undefined
    parser.on('file', (_field, stream, info) => {
      let tooBig = false
      stream.on('limit', () => {
        tooBig = true
        stream.destroy(new Error('the file is larger than the limit'))
      })
      stored = put(info.filename || 'file', stream).catch((error: unknown) => {
        if (tooBig) return refusal(413, 'FILE_TOO_LARGE', `文件超过上限 ${Math.floor(maxBytes / 1_048_576)} MB，请压缩后再上传`)
        throw error
      })
      stored.then(resolve, reject).finally(() => {
        req.unpipe(parser)
        req.resume()
      })
    })
    parser.on('close', () => { if (!stored) resolve(refusal(400, 'FILE_MISSING', '没有收到文件，请重新选择')) })
    parser.on('error', reject)
    req.on('aborted', () => parser.destroy(new Error('upload aborted')))
    req.pipe(parser)
  })

const INLINE = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf'])

const upload = (services: Services, maxBytes: number) => async (req: Request, res: Response): Promise<void> => {
  const session = await sessionOf(services, req)()
  if (!session) return void res.status(401).json(refusal(401, 'SIGNED_OUT', '登录已过期，请重新登录'))
  if (!sameSecret(req.get('x-csrf'), session.csrf)) return void res.status(403).json(refusal(403, 'CSRF', '页面已过期，请刷新后重试'))
  if (!req.is('multipart/form-data')) return void res.status(415).json(refusal(415, 'NOT_MULTIPART', '上传的格式不正确'))
  const text = (name: string): string | undefined => (typeof req.query[name] === 'string' ? req.query[name] : undefined)
  const purpose = text('purpose') as Purpose | undefined
  if (!purpose || !PURPOSES.includes(purpose)) return void res.status(400).json(refusal(400, 'PURPOSE_UNKNOWN', '上传用途不正确'))
  const meta = { purpose, ...(text('entity') && { entity: text('entity')! }), ...(text('path') && { path: text('path')! }) }
  const result = await receive(req, maxBytes, (name, body) => services.files.put(session.actor, { name, ...meta }, body as Parameters<Services['files']['put']>[2]))
  res.status(result.ok ? 200 : result.status).json(result)
}

const download = (services: Services) => async (req: Request, res: Response): Promise<void> => {
  const session = await sessionOf(services, req)()
  if (!session) return void res.redirect(`/login?to=${encodeURIComponent(req.originalUrl)}`)
  const found = await services.files.get(session.actor, String(req.params.id))
  if (!found.ok) return void res.status(found.status).type('text/plain; charset=utf-8').send(found.problems.map((problem) => problem.message).join('\n'))
  const { file } = found
  const inline = req.query.inline === '1' && INLINE.has(file.mime)
  res.setHeader('Content-Type', file.mime)
  res.setHeader('Content-Length', String(file.bytes))
  res.setHeader('Content-Disposition', contentDisposition(inline ? 'inline' : 'attachment', file.name))
  res.setHeader('Cache-Control', 'private, no-store')
  res.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'")
  res.setHeader('X-Frame-Options', 'SAMEORIGIN')
  if (req.method === 'HEAD') return void res.end()
  await pipeline(await file.open(), res)
}

/** POST /files (multipart, one file, streamed) and GET /files/:id. `maxBytes` is the outer limit; a field's own limit is checked by the service. */
export const filesRouter = (services: Services, maxBytes: number): Router => {
  const router = Router()
  const put = upload(services, maxBytes)
  const get = download(services)
  router.post('/files', (req, res, next) => { put(req, res).catch(next) })
  router.get('/files/:id', (req, res, next) => { get(req, res).catch((error: unknown) => (res.headersSent ? res.destroy() : next(error))) })
  return router
}
