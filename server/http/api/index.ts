import type { Express } from 'express'
import type { ServicesWithApi } from './authenticate.ts'
import { apiRouter, type ApiOptions } from './router.ts'

export type { ServicesWithApi } from './authenticate.ts'
export { apiRouter, type ApiOptions } from './router.ts'
export { listenAlone, type AloneApi } from './listen-alone.ts'
export { openApi } from './openapi/index.ts'

export const API_BASE = '/api/v1'
/** For HostOptions.mount. */
export const mountApi = (services: ServicesWithApi, options: ApiOptions = {}) => (app: Express): void => { app.use(API_BASE, apiRouter(services, options)) }
