import { Readable } from 'node:stream'
import type { JsonObject } from '#server/runtime/definitions/index.ts'
import { sampleBytes } from '#server/scenarios/sample-files.ts'
import { refOf } from '#server/scenarios/world.ts'
import { take } from '../../../refused.ts'
import { actorOfStep, fillIn, type SeasonContext, type StepResult } from '../context.ts'
import type { StepOf } from '../season-file.ts'

/** Uploads every "file:…" of the data as its form would. */
async function upload(ctx: SeasonContext, entity: string, value: unknown, path = ''): Promise<unknown> {
  if (typeof value === 'string' && value.startsWith('file:')) {
    const { name, bytes } = await sampleBytes(value.slice('file:'.length))
    return take(await ctx.services.files.put(actorOfStep(ctx), { name, entity, path, purpose: 'record' }, Readable.from([bytes]))).id
  }
  if (Array.isArray(value)) return Promise.all(value.map((v) => upload(ctx, entity, v, path)))
  if (value !== null && typeof value === 'object') return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([k, v]) => [k, await upload(ctx, entity, v, path ? `${path}.${k}` : k)])))
  return value
}

/** Fills in a form and saves it, or saves and submits at once. */
export async function saveStep(ctx: SeasonContext, step: StepOf<'save'>): Promise<StepResult> {
  const data = (await upload(ctx, step.save, await fillIn(ctx, step.data))) as JsonObject
  const on = step.on ? refOf(ctx.world, step.on).id : undefined
  const rev = on ? take(await ctx.services.record(actorOfStep(ctx), step.save, on)).view.rev : undefined
  const saved = take(await ctx.services.save(actorOfStep(ctx), { entity: step.save, data, ...(on ? { id: on, rev } : {}), ...(step.then ? { then: step.then } : {}) }))
  if (step.ref) ctx.world.refs.set(step.ref, [{ entity: step.save, id: saved.id }])
  return { count: 1 }
}
