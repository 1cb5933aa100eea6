import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { ServicesWithApi } from './authenticate.ts'
import { apiRouter, type ApiOptions } from './router.ts'

export interface AloneApi { /** where the resource itself is asked, http://127.0.0.1:<port>/api/v1 without its path */ origin: string; close(): Promise<void> }

/** The REST resource by itself on a free port of this machine: for programs of the same process that want to ask it as others do. */
export async function listenAlone(services: ServicesWithApi, base: string, options: ApiOptions = {}): Promise<AloneApi> {
  const app = express()
  app.disable('x-powered-by')
  app.use(base, apiRouter(services, options))
  const server = createServer(app)
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() { server.closeAllConnections(); await new Promise<void>((resolve) => { server.close(() => resolve()) }) },
  }
}
