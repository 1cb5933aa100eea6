import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'

const Selection = z.object({ entity: z.string(), list: z.string().optional(), tab: z.string().optional(), filters: z.record(z.string(), z.string()).optional() }).strict()
const Data = z.record(z.string(), z.unknown())
const common = { title: z.string().min(1), as: z.string().optional() }

/** What one step does; exactly one of these. */
const Step = z.union([
  z.object({ ...common, advance: z.string() }).strict(),
  z.object({ ...common, save: z.string(), on: z.string().optional(), data: Data, then: z.string().optional(), ref: z.string().optional() }).strict(),
  z.object({ ...common, act: z.string(), on: z.string().optional(), entity: z.string().optional(), all: Selection.optional(), input: Data.optional(), comment: z.string().optional(), signed: z.boolean().default(false) }).strict(),
  z.object({ ...common, import: z.string(), make: z.enum(['candidates', 'photos', 'registrations', 'scores', 'rows']), params: Data.default({}), faults: z.record(z.string(), z.number()).default({}), target: Data.optional(), row: Data.optional(), times: z.string().optional(), from: z.string().optional(), columns: z.record(z.string(), z.string()).optional(), only: z.record(z.string(), z.string()).optional() }).strict(),
  z.object({ ...common, export: z.string(), list: z.string().optional(), filters: z.record(z.string(), z.string()).optional(), ref: z.string() }).strict(),
  z.object({ ...common, document: z.string(), all: Selection, upTo: z.string().optional() }).strict(),
  z.object({ ...common, find: Selection, ref: z.string() }).strict(),
  z.object({ ...common, ask: z.string(), keys: Data }).strict(),
])
const Season = z.object({
  title: z.string(), program: z.string(), clock: z.string(), demo: z.string(),
  people: z.object({ school: z.string(), region: z.string(), idType: z.string(), majors: z.array(z.object({ name: z.string(), code: z.string(), level: z.string() }).strict()).min(1), enrolYears: z.array(z.number().int()).min(1) }).strict(),
  steps: z.array(Step).min(1),
}).strict()

export type Season = z.infer<typeof Season>
export type SeasonStep = Season['steps'][number]
export type StepOf<K extends string> = Extract<SeasonStep, Record<K, unknown>>

/** A season as its demo set tells it. Throws with every mistake at once. */
export async function readSeason(file: string): Promise<Season> {
  const parsed = Season.safeParse(parse(await readFile(file, 'utf8')))
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}
