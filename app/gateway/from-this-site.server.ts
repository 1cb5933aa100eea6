/** A form without a session has no token: it must have been sent by a page of this site. */
export const fromThisSite = (request: Request): boolean => {
  const site = request.headers.get('sec-fetch-site')
  if (site) return site === 'same-origin' || site === 'none'
  const origin = request.headers.get('origin')
  return origin === null || (URL.canParse(origin) && new URL(origin).host === (request.headers.get('x-forwarded-host') ?? request.headers.get('host')))
}
