import { take } from '../../../refused.ts'
import { actorOfStep, type SeasonContext } from '../context.ts'

export interface Selection { entity: string; list?: string; tab?: string; filters?: Record<string, string> }

const PAGE = 200

/** Ids of a list as its page shows them, page after page. */
export async function idsOf(ctx: SeasonContext, selection: Selection, limit = Infinity): Promise<string[]> {
  const ids: string[] = []
  let after: string | undefined
  do {
    const { view } = take(await ctx.services.list(actorOfStep(ctx), selection.entity, selection.list, { ...(selection.tab ? { tab: selection.tab } : {}), filters: selection.filters ?? {}, size: PAGE, ...(after ? { after } : {}) }))
    if (view.need) throw new Error(`the list of ${selection.entity} asks for a filter: ${view.need}`)
    ids.push(...view.rows.map((r) => r.id))
    after = view.next
  } while (after !== undefined && ids.length < limit)
  return ids.slice(0, limit)
}
