import { Router, type Request, type Response } from 'express'
import type { Services } from '#server/services.ts'
import { plainPage } from './plain-page.ts'
import { sessionOf } from './session.ts'

// The document's own styles are inline; it runs in a sandbox without scripts and without the network.
const POLICY = "default-src 'none'; img-src data: 'self'; font-src data: 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"

const preview = async (services: Services, req: Request, res: Response): Promise<void> => {
  const session = await sessionOf(services, req)()
  const { family, entity, id, record } = req.params
  res.setHeader('X-Frame-Options', 'SAMEORIGIN')
  res.setHeader('Cache-Control', 'private, no-store')
  if (!session) return void res.status(401).type('html').send(plainPage('登录已过期', '请重新登录后再预览。', String(res.locals.nonce)))
  const found = await services.documents.preview(session.actor, `${family}/${entity}`, String(id), String(record))
  if (!found.ok) {
    res.setHeader('Content-Security-Policy', `${POLICY}; style-src 'nonce-${String(res.locals.nonce)}'`)
    return void res.status(found.status).type('html').send(plainPage('无法预览', found.problems.map((problem) => problem.message).join('；'), String(res.locals.nonce)))
  }
  res.setHeader('Content-Security-Policy', POLICY)
  res.type('html').send(found.html)
}

/** GET /preview/:family/:entity/:id/:record: a document as a sandboxed page for the preview frame. */
export const documentPreviewRouter = (services: Services): Router => {
  const router = Router()
  router.get('/preview/:family/:entity/:id/:record', (req, res, next) => { preview(services, req, res).catch(next) })
  return router
}
