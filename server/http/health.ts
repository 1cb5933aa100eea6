import { Router } from 'express'
import type { Services } from '#server/services.ts'

/** GET /healthz: 200 when every check passes, else 503; says which. */
export const healthRouter = (services: Services): Router => {
  const router = Router()
  router.get('/healthz', (_req, res, next) => {
    services.health().then((health) => {
      res.setHeader('Cache-Control', 'no-store')
      res.status(health.ok ? 200 : 503).json(health)
    }, next)
  })
  return router
}
