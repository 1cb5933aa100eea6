import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateSecrets } from '../platform/crypto.ts'
import { virtualClock } from '../platform/clock.ts'
import { silentLog, type Log } from '../platform/log.ts'
import { seededRandom } from '../platform/random.ts'
import { openHouse, type House } from '../house.ts'
import type { Definitions, Scenario, ScenarioStep } from '../runtime/definitions/index.ts'
import { install } from '../runtime/release/index.ts'
import { checkExpect, type Outcome } from './expect.ts'
import { act, create, edit, open, query } from './verbs/records.ts'
import { advance, evaluate, job } from './verbs/others.ts'
import { actAs, callOf, readPath, type World } from './world.ts'
import { putRecordFile } from './put-file.ts'
import { demoFile } from './sample-files.ts'

export interface StepReport { line: number; text: string; ok: boolean; problems: string[] }
export interface ScenarioReport { file: string; title: string; covers: string[]; ok: boolean; steps: StepReport[]; ms: number }
export interface RunOptions { databaseUrl?: string; chromium?: string; stopAtFirst?: boolean; log?: Log }

const given = (scenario: Scenario): string[] => scenario.given.map((g) => g.replace(/^demo\//, ''))
const elapsed = (from: [number, number]): number => { const [s, ns] = process.hrtime(from); return Math.round(s * 1000 + ns / 1e6) }

/** Runs one scenario in a fresh database. What a step expects and what happened differ = the scenario fails, with line and difference. */
export async function runScenario(scenario: Scenario, definitions: Definitions, options: RunOptions = {}): Promise<ScenarioReport> {
  const from = process.hrtime()
  const dir = await mkdtemp(join(tmpdir(), 'certflow-scenario-'))
  const report: ScenarioReport = { file: scenario.file, title: scenario.title, covers: scenario.covers, ok: true, steps: [], ms: 0 }
  let house: House | undefined
  try {
    const opened = await openWorld(scenario, definitions, dir, options)
    house = opened.house
    for (const problem of opened.problems) fail(report, 1, 'given', [problem])
    for (const step of scenario.steps) {
      const problems = await runStep(opened.world, step).catch((error: unknown) => [error instanceof Error ? (options.log ? (error.stack ?? error.message) : error.message) : String(error)])
      if (problems.length) fail(report, step.line, describe(step), problems)
      else report.steps.push({ line: step.line, text: describe(step), ok: true, problems: [] })
      if (problems.length && options.stopAtFirst) break
    }
  } catch (error) {
    fail(report, 1, 'start', [error instanceof Error ? (error.stack ?? error.message) : String(error)])
  } finally {
    await house?.close()
    await rm(dir, { recursive: true, force: true })
  }
  report.ms = elapsed(from)
  return report
}

const fail = (report: ScenarioReport, line: number, text: string, problems: string[]): void => { report.ok = false; report.steps.push({ line, text, ok: false, problems }) }
const describe = (step: ScenarioStep): string => [step.as ? `as ${step.as}` : '', ...step.verbs.map((v) => `${v} ${JSON.stringify(step.target[v])}`), step.on ? `on ${JSON.stringify(step.on)}` : ''].filter(Boolean).join(' ')

async function openWorld(scenario: Scenario, definitions: Definitions, dir: string, options: RunOptions): Promise<{ house: House; world: World; problems: string[] }> {
  const clock = virtualClock(Date.parse(scenario.clock))
  const house = await openHouse({
    databaseUrl: options.databaseUrl ?? `sqlite:${join(dir, 'scenario.sqlite')}`, varDir: dir, secrets: generateSecrets(), clock, log: options.log ?? silentLog(), definitions, zone: 'Asia/Shanghai',
    owner: `scenario ${process.pid}`, random: seededRandom(1), publicUrl: 'https://certflow.example.org', adapters: scenario.adapters ?? {}, ...(options.chromium ? { chromium: options.chromium } : {}),
  })
  const { core } = house
  const installed = await install(core.processes, definitions, (p) => core.system(p), given(scenario), demoFile(house))
  const world: World = {
    core, clock, house, programme: scenario.program, names: installed.names.get(scenario.program) ?? new Map(), refs: new Map(), kept: new Map(), actor: null,
    operation: async (id, input, call) => (await house.operations.run(id, [{ key: `${id}/${clock.now()}`, input }], call))[0]!,
    drain: async () => { await house.jobs.drain() },
    putFile: (def, path, name, bytes) => putRecordFile(house, callOf(world), def, path, name, bytes),
  }
  await world.drain()
  return { house, world, problems: installed.reports.flatMap((r) => r.problems) }
}

const late = (verb: 'importRows' | 'exportRows' | 'render' | 'lookup') => async (w: World, step: ScenarioStep): Promise<Outcome> => (await import('./verbs/transfer.ts'))[verb](w, step)
const seen = (verb: 'menu' | 'page' | 'view' | 'form' | 'report') => async (w: World, step: ScenarioStep): Promise<Outcome> => (await import('./verbs/pages.ts'))[verb](w, step)
const sheet = (verb: 'template' | 'upload' | 'records') => async (w: World, step: ScenarioStep): Promise<Outcome> => (await import('./verbs/sheets.ts'))[verb](w, step)
const chosen = async (w: World, step: ScenarioStep): Promise<Outcome> => (await import('./verbs/choices.ts')).choose(w, step)
const signed = async (w: World, step: ScenarioStep): Promise<Outcome> => (await import('./verbs/sign-in.ts')).signIn(w, step)
const VERBS = {
  create, edit, open, query, advance, eval: evaluate, job, import: late('importRows'), export: late('exportRows'), render: late('render'), lookup: late('lookup'),
  menu: seen('menu'), page: seen('page'), view: seen('view'), form: seen('form'), report: seen('report'), choose: chosen, template: sheet('template'), upload: sheet('upload'), records: sheet('records'), signIn: signed,
} as const

/** A disabled account cannot act: its sessions end. */
const isDisabled = async (w: World): Promise<boolean> => (await readPath(w, { entity: 'core/user', id: w.actor!.userId }, 'status')) === 'DISABLED'

async function runStep(world: World, step: ScenarioStep): Promise<string[]> {
  await actAs(world, step.as)
  if (world.actor && (await isDisabled(world))) return checkExpect(world, step.expect, { denied: true, refused: ['账号已停用，请联系管理员'] })
  let outcome: Outcome = {}
  for (const verb of step.verbs) {
    if (verb === 'do') outcome = await act(world, step, outcome.ref && step.verbs[0] === 'create' ? outcome.ref : undefined)
    else if (verb in VERBS) outcome = { ...outcome, ...(await VERBS[verb as keyof typeof VERBS](world, step)) }
    else throw new Error(`the verb "${verb}" is not run by this version`)
  }
  await world.drain()
  if (typeof step.raw['keep'] === 'string') world.kept.set(step.raw['keep'], outcome.value)
  return checkExpect(world, step.expect, outcome)
}
