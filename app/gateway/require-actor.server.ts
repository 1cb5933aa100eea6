import { redirect, type AppLoadContext } from '@remix-run/node'
import type { Actor } from '#server/services.ts'

/** Where to return after signing in: a path of this site, never another. */
export const safeReturn = (to: string | null | undefined): string => (to && /^\/(?![/\\])/.test(to) && ![...to].some((c) => c <= ' ' || c === '\\' || c === '\u007f') && !/^\/(login|logout|password|second-factor)\b/.test(to) ? to : '/')

const pathOf = (request: Request): string => {
  const url = new URL(request.url)
  url.searchParams.delete('_routes')
  const path = `${url.pathname.replace(/\.data$/, '').replace(/^\/_root$/, '/')}${url.search}`
  return request.method === 'GET' ? path : safeReturn(request.headers.get('referer')?.replace(url.origin, ''))
}

/** The signed-in actor and session; otherwise to the sign-in page, or to the forced change of password. */
export const requireSession = async (request: Request, context: AppLoadContext): Promise<{ actor: Actor; csrf: string; token: string }> => {
  const session = await context.session()
  const to = pathOf(request)
  if (!session) throw redirect(`/login?to=${encodeURIComponent(to)}${to === '/' ? '' : '&expired=1'}`)
  if (session.actor.secondFactor === 'verify') throw redirect('/second-factor')
  if (session.actor.mustChangePassword) throw redirect('/password')
  if (session.actor.secondFactor) throw redirect('/second-factor')
  return session
}

export const requireActor = async (request: Request, context: AppLoadContext): Promise<Actor> => (await requireSession(request, context)).actor
