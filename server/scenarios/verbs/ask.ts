import { composeServices } from '../../compose.ts'
import type { Actor, Problem } from '../../runtime/context.ts'
import type { Cell, ListQuery, Services } from '../../services.ts'
import type { JsonObject, ScenarioStep } from '../../runtime/definitions/index.ts'
import type { Outcome } from '../expect.ts'
import { resolve, type World } from '../world.ts'

export const servicesOf = (w: World): Services => composeServices(w.house)
/** Pages are looked at by a person. */
export function personOf(w: World): Actor {
  if (!w.actor) throw new Error('a page is opened by a person: write "as"')
  return w.actor
}

/** "entity.name" and the like: up to the last dot, and after it. */
export function named(text: string): [string, string | undefined] {
  const dot = text.lastIndexOf('.')
  return dot < 0 ? [text, undefined] : [text.slice(0, dot), text.slice(dot + 1)]
}
export const refusal = (r: { status: number; problems: Problem[] }): Outcome => ({ refused: r.problems.map((p) => p.message), denied: r.status === 403 || r.status === 404 })

export const textOf = (cell: Cell | Cell[]): string => (Array.isArray(cell) ? cell.map((c) => c.text).join('、') : cell.text)
/** "报考信息(报考证书, 考试科目)" for a column that has parts. */
export const columnText = (c: { title: string; group?: { title: string }[] }): string => (c.group ? `${c.title}(${c.group.map((g) => g.title).join(', ')})` : c.title)

/** What a person has chosen above a list, as the address of the page would say it. */
export async function queryOf(w: World, step: ScenarioStep): Promise<ListQuery> {
  const filters = (await resolve(w, (step.raw['filters'] ?? {}) as JsonObject)) as Record<string, unknown>
  const chosen = Object.fromEntries(Object.entries(filters).map(([k, v]) => [k, Array.isArray(v) ? v.join(',') : String(v)]))
  const one = (k: 'tab' | 'sort' | 'search'): ListQuery => (typeof step.raw[k] === 'string' ? { [k]: step.raw[k] } : {})
  return { ...(Object.keys(chosen).length ? { filters: chosen } : {}), ...one('tab'), ...one('sort'), ...one('search'), size: 100 }
}
