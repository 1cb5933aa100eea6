import { sharp } from '#server/platform/pictures.ts'
import type { JsonObject } from '#server/runtime/definitions/index.ts'
import { refOf } from '#server/scenarios/world.ts'
import { finishJob } from '../../../finish-job.ts'
import { Refused, take } from '../../../refused.ts'
import { actorOfStep, fillIn, type SeasonContext, type StepResult } from '../context.ts'
import type { StepOf } from '../season-file.ts'
import { idsOf } from './select.ts'

/** A signature as a finger draws it. */
const drawing = (): Promise<Buffer> => sharp(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="600" height="240"><path d="M60 150 C 120 40 160 220 220 110 S 330 60 360 150 S 460 210 540 90" fill="none" stroke="#112" stroke-width="7" stroke-linecap="round"/></svg>')).png().toBuffer()

async function sign(ctx: SeasonContext, entity: string, button: string, ids: string[]): Promise<string> {
  const actor = actorOfStep(ctx)
  const { signature } = take(await ctx.services.signatures.begin(actor, { entity, button, ids }))
  take(await ctx.services.signatures.draw(signature.code, await drawing(), 'demo'))
  return signature.code
}

/** Presses a button: on a record, on everything a list shows, or on none. */
export async function actStep(ctx: SeasonContext, step: StepOf<'act'>): Promise<StepResult> {
  const actor = actorOfStep(ctx)
  const on = step.on ? refOf(ctx.world, step.on) : undefined
  const entity = on?.entity ?? step.all?.entity ?? step.entity
  if (!entity) throw new Error(`"${step.title}" says neither on, all nor entity`)
  const ids = on ? [on.id] : step.all ? await idsOf(ctx, { ...step.all, filters: await fillIn(ctx, step.all.filters ?? {}) }) : undefined
  if (ids?.length === 0) throw new Error(`"${step.title}": the list is empty`)
  const signature = step.signed ? await sign(ctx, entity, step.act, ids ?? []) : undefined
  const result = take(await ctx.services.act(actor, entity, {
    button: step.act, ...(ids ? { ids } : {}), ...(step.input ? { input: (await fillIn(ctx, step.input)) as JsonObject } : {}), ...(step.comment ? { comment: step.comment } : {}), ...(signature ? { signature } : {}),
  }))
  const [refused] = result.refused
  if (refused) throw new Refused('RULE_FAILED', [{ code: 'RULE_FAILED', message: `${result.refused.length} × ${refused.title}` }, ...refused.problems])
  const job = result.job ? await finishJob({ services: ctx.services, house: ctx.world.house, actor }, result.job) : undefined
  await ctx.world.drain()
  return { count: job?.result?.made ?? job?.result?.ok ?? result.made ?? result.done }
}
