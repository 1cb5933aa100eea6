import { entityAndId } from '../../../entity-and-id.ts'
import { take } from '../../../refused.ts'
import { fillIn, type SeasonContext, type StepResult } from '../context.ts'
import type { StepOf } from '../season-file.ts'

/** A public look-up, as anybody may ask it; the note is the masked answer. */
export async function askStep(ctx: SeasonContext, step: StepOf<'ask'>): Promise<StepResult> {
  const [entity, id] = entityAndId(step.ask)
  const keys = Object.fromEntries(Object.entries(await fillIn(ctx, step.keys)).map(([k, v]) => [k, String(v)]))
  const { rows } = take(await ctx.services.lookups.ask({ entity, id, keys, address: 'demo', lang: 'zh' }))
  return { count: 1, note: rows.map((r) => `${r.title} ${r.cell.text}`).join(' · ') }
}
