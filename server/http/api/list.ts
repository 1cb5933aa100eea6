import type { ApiQuery } from '#server/services.ts'
import { entityOf, isReply, queryText, type Handler } from './context.ts'
import { ofRefusal, problem } from './problem.ts'

const TEXTS = ['list', 'tab', 'search', 'sort', 'after'] as const
const NUMBERS: Record<string, number> = { page: 1_000_000, size: 200 }
const wrong = (path: string, message: string) => ({ code: 'QUERY_INVALID', message, path })

/** GET /:family/:entity?list=&filter.<id>=&tab=&search=&sort=&page=&size=&after=&fields=&count= */
export const list: Handler = async (ctx) => {
  const { req } = ctx
  const query: ApiQuery = {}
  const problems = []
  const filter: Record<string, string> = {}
  for (const name of Object.keys(req.query)) {
    const value = queryText(req, name)
    if (isReply(value)) return value
    if (value === undefined) continue
    if (name.startsWith('filter.')) filter[name.slice(7)] = value
    else if ((TEXTS as readonly string[]).includes(name)) query[name as (typeof TEXTS)[number]] = value
    else if (name in NUMBERS) {
      if (/^[1-9]\d{0,6}$/.test(value) && Number(value) <= NUMBERS[name]!) query[name as 'page' | 'size'] = Number(value)
      else problems.push(wrong(name, `“${name}”应为 1 至 ${NUMBERS[name]} 的整数`))
    } else if (name === 'fields') query.fields = value.split(',').map((f) => f.trim()).filter(Boolean)
    else if (name === 'count') query.count = value === 'true'
    else problems.push(wrong(name, `没有参数“${name}”；筛选条件写作 filter.<条件>`))
  }
  if (problems.length > 0) return problem(400, 'QUERY_INVALID', problems)
  if (Object.keys(filter).length > 0) query.filter = filter
  const found = await ctx.services.api.list(ctx.actor, entityOf(ctx), query)
  if (!found.ok) return ofRefusal(found)
  const { next } = found.page
  if (next === undefined) return { status: 200, body: found.page }
  const rest = new URLSearchParams(Object.entries(req.query).flatMap(([k, v]) => (typeof v === 'string' && k !== 'after' && k !== 'page' ? [[k, v]] : [])))
  rest.set('after', next)
  return { status: 200, body: found.page, headers: { Link: `<${req.baseUrl}${req.path}?${rest.toString()}>; rel="next"` } }
}
