import { basename, join } from 'node:path'
import { writeLooseSheet, type LooseValue } from '#server/runtime/records/excel/fixtures/loose-sheet.ts'
import { entityOf } from '#server/scenarios/world.ts'
import { writeCandidateSheet, writePhotoZip, writeRegistrationSheet, writeScoreSheet, type RegistrationTarget } from '../../generator/index.ts'
import { fillIn, type SeasonContext } from '../context.ts'
import type { StepOf } from '../season-file.ts'
import { sittingsOf } from './sittings.ts'

export interface MadeFile { path: string; good: number; bad: number }

/** Column titles as the import's own template writes them. */
const titlesOf = (ctx: SeasonContext, entity: string, id: string): Record<string, string> => {
  const columns = entityOf(ctx.world, entity).form.imports[id]?.columns ?? {}
  return Object.fromEntries(Object.entries(columns).map(([field, column]) => [field, column.title]))
}
const counted = (path: string, outcomes: { outcome: string }[]): MadeFile => {
  const good = outcomes.filter((o) => o.outcome === 'ok').length
  return { path, good, bad: outcomes.length - good }
}

/** The file a school or an evaluation organisation sends: the one that is kept for the step, else one made with the faults it asks for. */
export async function fileOf(ctx: SeasonContext, step: StepOf<'import'>, entity: string, id: string): Promise<MadeFile> {
  const kept = ctx.kept?.files[step.title]
  if (ctx.kept && kept) return { path: join(ctx.kept.dir, kept.name), good: kept.good, bad: kept.bad }
  const made = await makeFile(ctx, step, entity, id)
  ctx.made.set(step.title, made)
  return made
}

async function makeFile(ctx: SeasonContext, step: StepOf<'import'>, entity: string, id: string): Promise<MadeFile> {
  const path = join(ctx.dir, `${step.title}.${step.make === 'photos' ? 'zip' : 'xlsx'}`)
  const options = { titles: titlesOf(ctx, entity, id), seed: ctx.seed, faults: step.faults }
  const stay = (outcomes: { outcome: string; key: string }[]): void => {
    const good = new Set(outcomes.filter((o) => o.outcome === 'ok').map((o) => o.key))
    ctx.people = ctx.people.filter((p) => good.has(p.idNo))
  }
  switch (step.make) {
    case 'candidates': {
      const rows = await writeCandidateSheet(path, ctx.people, options)
      stay(rows)
      return counted(path, rows)
    }
    case 'photos': {
      ctx.people = ctx.people.slice(0, ctx.numbers['photos'])
      const photos = await writePhotoZip(path, ctx.people, { at: ctx.world.clock.now(), seed: ctx.seed, faults: step.faults, leftovers: true })
      stay(photos.map((p) => ({ outcome: p.outcome, key: p.idNo })))
      return counted(path, photos)
    }
    case 'registrations': {
      const rows = await writeRegistrationSheet(path, ctx.people, (await fillIn(ctx, step.target ?? {})) as unknown as RegistrationTarget, options)
      stay(rows)
      return counted(path, rows)
    }
    case 'scores': {
      const from = ctx.files.get(step.from ?? '')
      if (!from) throw new Error(`"${step.title}": no earlier export is called ${step.from}`)
      return counted(path, await writeScoreSheet(path, await sittingsOf(from, step.columns ?? {}, await fillIn(ctx, step.only ?? {})), options))
    }
    case 'rows': return rowsFile(ctx, step, path, options.titles)
  }
}

async function rowsFile(ctx: SeasonContext, step: StepOf<'import'>, path: string, titles: Record<string, string>): Promise<MadeFile> {
  const times = Number(await fillIn(ctx, step.times ?? '1'))
  const lines: LooseValue[][] = [Object.values(titles)]
  for (let n = 1; n <= times; n++) {
    const row = await fillIn(ctx, step.row ?? {}, { n })
    lines.push(Object.keys(titles).map((field) => (row[field] ?? null) as LooseValue))
  }
  await writeLooseSheet(path, { title: basename(path, '.xlsx'), rows: lines })
  return { path, good: times, bad: 0 }
}
