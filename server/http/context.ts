import type { Actor, Lang, Services } from '#server/services.ts'

/** A signed-in session: the token stays on the server side of the page. */
export interface SignedIn { token: string; actor: Actor; csrf: string }

/** What the host gives the web for one request. */
export interface HostContext {
  services: Services
  nonce: string
  /** of the caller, for throttling */
  address: string
  requestId: string
  /** resolved once per request */
  session: () => Promise<SignedIn | null>
  /** does the given token belong to this request's session? */
  csrfHolds: (given: string | null) => Promise<boolean>
  /** Content-Disposition of a download */
  attachment: (name: string) => string
  cookies: {
    /** Set-Cookie values */
    signIn: (token: string) => string
    signOut: () => string
    lang: (lang: Lang) => string
  }
  /** language chosen before signing in */
  lang: Lang
}
