import type { AppLoadContext } from '@remix-run/node'
import type { LookupView } from '#server/services.ts'
import type { LookupAnswer } from '#app/components/public/lookup-screen.tsx'
import { fromThisSite } from './from-this-site.server.ts'

/** The one that is asked for; else the one the page is named after, so that /verify verifies; else the first. */
export const lookupNamed = (lookups: LookupView[], name: string | null, page: string): LookupView | null =>
  lookups.find((lookup) => `${lookup.entity}/${lookup.id}` === name) ?? lookups.find((lookup) => page === `/${lookup.id}`) ?? lookups[0] ?? null

/** The public look-ups and the one the address names; keys in the address (a scanned code) are filled in, never asked on their own. */
export const loadLookups = async (request: Request, context: AppLoadContext) => {
  const { searchParams: params, pathname } = new URL(request.url)
  const lookups = await context.services.lookups.list(context.lang)
  const chosen = lookupNamed(lookups, params.get('on'), pathname)
  const given = Object.fromEntries((chosen?.keys ?? []).flatMap((key) => (params.has(key.id) ? [[key.id, params.get(key.id) ?? '']] : [])))
  return { lookups, chosen, given }
}

/** Asks a look-up with the form's keys. Every failure reads the same: it must not tell which key was wrong. */
export const askLookup = async (request: Request, context: AppLoadContext): Promise<LookupAnswer> => {
  const form = await request.formData()
  const lookups = await context.services.lookups.list(context.lang)
  const chosen = lookupNamed(lookups, String(form.get('on') ?? ''), new URL(request.url).pathname)
  const keys = Object.fromEntries((chosen?.keys ?? []).map((key) => [key.id, String(form.get(`key.${key.id}`) ?? '').trim().slice(0, 100)]))
  if (!chosen || !fromThisSite(request)) return { keys, errors: [] }
  const result = await context.services.lookups.ask({ entity: chosen.entity, id: chosen.id, keys, address: context.address, lang: context.lang })
  return result.ok ? { keys, rows: result.rows } : { keys, errors: result.problems.map((problem) => problem.message) }
}
