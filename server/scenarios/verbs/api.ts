import { API_BASE, listenAlone, type ServicesWithApi } from '../../http/api/index.ts'
import type { ScenarioStep } from '../../runtime/definitions/index.ts'
import type { Outcome } from '../expect.ts'
import { giveCredential } from '../credentials.ts'
import { resolve, type World } from '../world.ts'
import { servicesOf } from './ask.ts'

const METHODS = ['GET', 'POST', 'PATCH', 'DELETE']

/** "PATCH /api/v1/library/loan/$site?then=submit": method and path, names in it replaced by ids. */
async function request(w: World, text: string): Promise<{ method: string; path: string }> {
  const [method = '', ...rest] = text.trim().split(/\s+/)
  const path = rest.join(' ')
  if (!METHODS.includes(method) || !path.startsWith(`${API_BASE}/`)) throw new Error(`"${text}" is no request; write a method (${METHODS.join(', ')}) and a path such as "GET ${API_BASE}/<family>/<entity>"`)
  const names = [...new Set(path.match(/\$[A-Za-z][\w-]*(\.[\w-]+)*/g) ?? [])].sort((a, b) => b.length - a.length)
  let filled = path
  for (const name of names) filled = filled.replaceAll(name, encodeURIComponent(String(await resolve(w, name))))
  return { method, path: encodeURI(decodeURI(filled)) }
}

const DAYS = 366
/** A write token of the acting person, as a program would use; nobody = a request without one. */
async function bearer(w: World, services: ServicesWithApi): Promise<Record<string, string>> {
  if (!w.actor) return {}
  const key = `${w.actor.userId}/${w.actor.role}`
  const known = w.tokens.get(key)
  if (known && known.until > w.clock.now()) return { authorization: `Bearer ${known.token}` }
  await giveCredential(w, w.actor.account)
  const made = await services.api.tokens.create(w.actor, { title: 'scenario', scope: 'write', days: DAYS })
  if (!made.ok) throw new Error(made.problems.map((p) => p.message).join('；'))
  w.tokens.set(key, { token: made.token, until: w.clock.now() + DAYS * 86_400_000 })
  return { authorization: `Bearer ${made.token}` }
}

const text = (v: unknown): string => (typeof v === 'string' ? v : JSON.stringify(v))
interface Answer { items?: unknown[]; problems?: { message: string }[]; detail?: string }

/** One request to the REST resource, over HTTP. `status` and `body` (a subset) are what it answered. */
export async function api(w: World, step: ScenarioStep): Promise<Outcome> {
  const services = servicesOf(w) as ServicesWithApi
  const { method, path } = await request(w, String(step.target.api))
  const alone = await listenAlone(services, API_BASE, { now: () => w.clock.now(), perMinute: 100_000 })
  try {
    const body = step.raw['body'] === undefined ? undefined : JSON.stringify(await resolve(w, step.raw['body']))
    const given = Object.fromEntries(Object.entries((step.raw['headers'] ?? {}) as Record<string, unknown>).map(([k, v]) => [k, text(v)]))
    const answer = await fetch(alone.origin + path, { method, headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(await bearer(w, services)), ...given }, ...(body === undefined ? {} : { body }) })
    const said = await answer.text()
    const json = said.startsWith('{') || said.startsWith('[') ? (JSON.parse(said) as Answer) : null
    const reasons = answer.ok ? [] : (json?.problems?.map((p) => p.message) ?? [json?.detail ?? said])
    return { http: answer.status, body: json, text: said, refused: reasons, denied: [401, 403, 404].includes(answer.status), ...(json?.items ? { count: json.items.length } : {}) }
  } finally { await alone.close() }
}
