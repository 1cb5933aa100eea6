import { Router, type Request, type Response } from 'express'
import type { JobView, Services } from '#server/services.ts'
import { sessionOf } from './session.ts'

const STEP_MS = 700
const HEARTBEAT_STEPS = 20
const OVER = new Set<JobView['state']>(['done', 'failed', 'cancelled'])

const stream = async (services: Services, req: Request, res: Response): Promise<void> => {
  const session = await sessionOf(services, req)()
  if (!session) return void res.status(401).end()
  const id = String(req.params.id)
  const first = await services.jobs.get(session.actor, id)
  if (!first.ok) return void res.status(first.status).end()
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store, no-transform', Connection: 'keep-alive', 'X-Accel-Buffering': 'no' })
  let last = ''
  const send = (job: JobView): void => {
    const text = JSON.stringify(job)
    if (text !== last) res.write(`data: ${text}\n\n`)
    last = text
  }
  send(first.job)
  let open = !OVER.has(first.job.state)
  res.on('close', () => { open = false })
  for (let step = 1; open; step++) {
    await new Promise((resolve) => setTimeout(resolve, STEP_MS).unref())
    if (!open) break
    const found = await services.jobs.get(session.actor, id)
    if (!found.ok) break
    send(found.job)
    if (OVER.has(found.job.state)) break
    if (step % HEARTBEAT_STEPS === 0) res.write(': still here\n\n')
  }
  res.end()
}

/** GET /events/jobs/:id: server-sent events, one JobView per change, closed when the job is over. */
export const jobEventsRouter = (services: Services): Router => {
  const router = Router()
  router.get('/events/jobs/:id', (req, res, next) => { stream(services, req, res).catch((error: unknown) => (res.headersSent ? res.end() : next(error))) })
  return router
}
