import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { JsonObject } from '#server/runtime/definitions/index.ts'
import type { JobView } from '#server/services.ts'
import { entityAndId } from '../../../entity-and-id.ts'
import { finishJob } from '../../../finish-job.ts'
import { take } from '../../../refused.ts'
import { actorOfStep, fillIn, type SeasonContext, type StepResult } from '../context.ts'
import type { StepOf } from '../season-file.ts'
import { fileOf } from './make-file.ts'
import { idsOf } from './select.ts'

const finish = (ctx: SeasonContext, job: string): Promise<JobView> => finishJob({ services: ctx.services, house: ctx.world.house, actor: actorOfStep(ctx) }, job)

/** Uploads a file that was made for the step; what the platform took and refused must be what was put in. */
export async function importStep(ctx: SeasonContext, step: StepOf<'import'>): Promise<StepResult> {
  const [entity, id] = entityAndId(step.import)
  const actor = actorOfStep(ctx)
  const made = await fileOf(ctx, step, entity, id)
  const stored = take(await ctx.services.files.put(actor, { name: basename(made.path), entity, purpose: 'import' }, createReadStream(made.path)))
  const { job } = take(await ctx.services.imports.start(actor, entity, id, { file: stored.id, params: (await fillIn(ctx, step.params)) as JsonObject }))
  const view = await finish(ctx, job)
  const { result = {} } = view
  const [ok, failed] = [result.ok ?? 0, result.failed ?? 0]
  // what came back with its reasons, as the school would look at it
  if (failed > 0 && result.files?.length) await keep(ctx, view)
  if (ok !== made.good || failed !== made.bad) throw new Error(`${basename(made.path)}: ${ok} rows taken and ${failed} refused; ${made.good} were good and ${made.bad} bad`)
  await ctx.world.drain()
  return { count: ok, note: failed > 0 ? `${failed} refused with reasons` : basename(made.path) }
}

async function keep(ctx: SeasonContext, job: JobView): Promise<{ path: string; bytes: number }[]> {
  const saved = []
  for (const file of job.result?.files ?? []) {
    const path = join(ctx.dir, file.name.replaceAll('/', '-'))
    const { file: stored } = take(await ctx.services.files.get(actorOfStep(ctx), file.id))
    await pipeline(await stored.open(), createWriteStream(path))
    saved.push({ path, bytes: (await stat(path)).size })
  }
  if (saved.length === 0) throw new Error(`the job made no file: ${job.result?.message ?? job.title}`)
  return saved
}

export async function exportStep(ctx: SeasonContext, step: StepOf<'export'>): Promise<StepResult> {
  const [entity, id] = entityAndId(step.export)
  const query = { list: step.list, query: { filters: await fillIn(ctx, step.filters ?? {}) } }
  const started = take(await ctx.services.exports.start(actorOfStep(ctx), entity, id, step.list ? query : {}))
  const [file] = await keep(ctx, await finish(ctx, started.job))
  ctx.files.set(step.ref, file!.path)
  return { count: started.count, note: basename(file!.path) }
}

export async function documentStep(ctx: SeasonContext, step: StepOf<'document'>): Promise<StepResult> {
  const [entity, id] = entityAndId(step.document)
  const limit = step.upTo ? Number(await fillIn(ctx, step.upTo)) : Infinity
  const ids = await idsOf(ctx, { ...step.all, filters: await fillIn(ctx, step.all.filters ?? {}) }, limit)
  const { job } = take(await ctx.services.documents.start(actorOfStep(ctx), entity, id, { ids }))
  const view = await finish(ctx, job)
  const files = await keep(ctx, view)
  return { count: view.result?.ok ?? view.done, note: files.map((f) => `${basename(f.path)} ${(f.bytes / 1024).toFixed(0)} KB`).join(', ') }
}
