import type { Request } from 'express'
import type { Services } from '#server/services.ts'
import type { SignedIn } from './context.ts'
import { readCookie, SESSION_COOKIE } from './cookies.ts'

/** Resolves the request's session at most once, however many loaders ask. */
export const sessionOf = (services: Services, req: Request): (() => Promise<SignedIn | null>) => {
  let found: Promise<SignedIn | null> | undefined
  const resolve = async (): Promise<SignedIn | null> => {
    const token = readCookie(req.headers.cookie, SESSION_COOKIE)
    if (!token) return null
    const session = await services.session.resolve(token)
    return session && { token, ...session }
  }
  return () => (found ??= resolve())
}
