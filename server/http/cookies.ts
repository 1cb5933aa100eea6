import type { Lang } from '#server/services.ts'

export const SESSION_COOKIE = 'cf_session'
export const LANG_COOKIE = 'cf_lang'

/** Reads one cookie of a Cookie header; undefined when it is missing or malformed. */
export const readCookie = (header: string | undefined, name: string): string | undefined => {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at < 0 || part.slice(0, at).trim() !== name) continue
    try {
      return decodeURIComponent(part.slice(at + 1).trim())
    } catch {
      return undefined
    }
  }
  return undefined
}

interface CookieOptions { secure: boolean; httpOnly?: boolean; maxAge?: number }
const cookie = (name: string, value: string, { secure, httpOnly = true, maxAge }: CookieOptions): string =>
  [`${name}=${encodeURIComponent(value)}`, 'Path=/', 'SameSite=Lax', httpOnly && 'HttpOnly', secure && 'Secure', maxAge !== undefined && `Max-Age=${maxAge}`].filter(Boolean).join('; ')

/** The cookie writers of this host. `secure`: only over TLS. */
export const cookieWriters = (secure: boolean) => ({
  signIn: (token: string): string => cookie(SESSION_COOKIE, token, { secure }),
  signOut: (): string => cookie(SESSION_COOKIE, '', { secure, maxAge: 0 }),
  lang: (lang: Lang): string => cookie(LANG_COOKIE, lang, { secure, maxAge: 31_536_000 }),
})
