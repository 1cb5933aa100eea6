import { z } from 'zod'

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]'])
/** Personal data leaves the house over TLS only; plain HTTP is for a service on the same machine. */
export const serviceUrl = z.url().refine((text) => { const u = new URL(text); return u.protocol === 'https:' || (u.protocol === 'http:' && LOCAL.has(u.hostname)) }, 'must be https://… (http://… only for a service on this machine)')
export const remote = { url: serviceUrl, appId: z.string().min(1), secret: z.string().min(16, 'must have at least 16 characters'), timeoutMs: z.number().int().min(100).max(120_000).optional(), retries: z.number().int().min(0).max(10).optional(), pauseMs: z.number().int().min(0).max(60_000).optional() }
