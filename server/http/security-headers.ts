import { randomBytes } from 'node:crypto'
import type { RequestHandler } from 'express'

export interface SecurityOptions { dev: boolean; tls: boolean }

/** The page's content policy. No eval; inline scripts and style blocks only with the request's nonce. */
export const contentPolicy = (nonce: string, dev: boolean): string =>
  [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    // the dev server injects style blocks without a nonce
    dev ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    dev ? "connect-src 'self' ws:" : "connect-src 'self'",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Sets the security headers of every answer and a fresh nonce in `res.locals.nonce`. */
export const securityHeaders = ({ dev, tls }: SecurityOptions): RequestHandler => (_req, res, next) => {
  const nonce = randomBytes(16).toString('base64')
  res.locals.nonce = nonce
  res.setHeader('Content-Security-Policy', contentPolicy(nonce, dev))
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.setHeader('X-Frame-Options', 'DENY')
  res.setHeader('Referrer-Policy', 'same-origin')
  res.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=()')
  res.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  if (tls) res.setHeader('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
  next()
}
