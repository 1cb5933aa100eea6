import type { Json, JsonObject } from '../runtime/definitions/index.ts'
import { refOf, type World } from './world.ts'

interface Row { user_id: number | null; channel: string; title: string | null; body: string }

/** The newest message there is; ids grow with time. */
export const lastNotice = async (w: World): Promise<number> => Number((await w.house.db.one<{ n: number | null }>('SELECT MAX(id) AS n FROM notifications'))?.n ?? 0)

const userOf = (w: World, name: string): number => Number(w.names.get(`user.${name}`) ?? refOf(w, name.startsWith('$') ? name : `$${name}`).id)

/** One wanted message: a text it contains, or `{to, channel, text}`. */
function fits(w: World, row: Row, wanted: string | JsonObject): boolean {
  const { to, channel, text } = (typeof wanted === 'string' ? { text: wanted } : wanted) as { to?: string; channel?: string; text?: string }
  const said = `${row.title ?? ''}\n${row.body}`
  return (text === undefined || said.includes(text)) && (channel === undefined || row.channel === channel) && (to === undefined || Number(row.user_id) === userOf(w, to))
}

/** What a step sent, against a number or a list of wanted messages. */
export async function checkSent(w: World, wanted: Json, after: number): Promise<string[]> {
  const rows = await w.house.db.all<Row>('SELECT user_id, channel, title, body FROM notifications WHERE id > ? ORDER BY id', [after])
  const all = rows.map((r) => `${r.channel}: ${r.title ?? ''} ${r.body}`)
  if (typeof wanted === 'number') return rows.length === wanted ? [] : [`${rows.length} messages were sent, expected ${wanted}: ${JSON.stringify(all)}`]
  const list = (Array.isArray(wanted) ? wanted : [wanted]) as (string | JsonObject)[]
  return list.filter((x) => !rows.some((r) => fits(w, r, x))).map((x) => `nothing was sent that fits ${JSON.stringify(x)}, but ${JSON.stringify([...new Set(all)])}`)
}
