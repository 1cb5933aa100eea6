import { advanceTo } from '#server/scenarios/world.ts'
import type { SeasonContext, StepResult } from '../context.ts'
import type { SeasonStep } from '../season-file.ts'
import { actStep } from './act.ts'
import { askStep } from './ask.ts'
import { saveStep } from './save.ts'
import { idsOf } from './select.ts'
import { documentStep, exportStep, importStep } from './transfer.ts'

export async function runStep(ctx: SeasonContext, step: SeasonStep): Promise<StepResult> {
  if ('advance' in step) { await advanceTo(ctx.world, Date.parse(step.advance)); return { count: 0, note: step.advance } }
  if ('save' in step) return saveStep(ctx, step)
  if ('act' in step) return actStep(ctx, step)
  if ('import' in step) return importStep(ctx, step)
  if ('export' in step) return exportStep(ctx, step)
  if ('document' in step) return documentStep(ctx, step)
  if ('ask' in step) return askStep(ctx, step)
  const ids = await idsOf(ctx, step.find)
  ctx.world.refs.set(step.ref, ids.map((id) => ({ entity: step.find.entity, id })))
  return { count: ids.length }
}
