import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Definitions, Scenario, ScenarioStep } from '../runtime/definitions/index.ts'
import { openWorld, unknownNames, type OpenWorld, type RunOptions } from './open-world.ts'
import { runStep } from './run-step.ts'

export type { RunOptions } from './open-world.ts'
export interface StepReport { line: number; text: string; ok: boolean; problems: string[] }
export interface ScenarioReport { file: string; title: string; covers: string[]; ok: boolean; steps: StepReport[]; ms: number }

const elapsed = (from: [number, number]): number => { const [s, ns] = process.hrtime(from); return Math.round(s * 1000 + ns / 1e6) }

/** Runs one scenario in a fresh database. What a step expects and what happened differ = the scenario fails, with line and difference. */
export async function runScenario(scenario: Scenario, definitions: Definitions, options: RunOptions = {}): Promise<ScenarioReport> {
  const from = process.hrtime()
  const report: ScenarioReport = { file: scenario.file, title: scenario.title, covers: scenario.covers, ok: true, steps: [], ms: 0 }
  const unknown = unknownNames(scenario, definitions)
  if (unknown.length) fail(report, 1, 'start', unknown)
  else await inFreshDatabase(scenario, definitions, options, report)
  report.ms = elapsed(from)
  return report
}

async function inFreshDatabase(scenario: Scenario, definitions: Definitions, options: RunOptions, report: ScenarioReport): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'certflow-scenario-'))
  let opened: OpenWorld | undefined
  try {
    opened = await openWorld(scenario, definitions, dir, options)
    for (const problem of opened.problems) fail(report, 1, 'given', [problem])
    for (const step of scenario.steps) {
      const problems = await runStep(opened, step).catch((error: unknown) => [error instanceof Error ? (options.log ? (error.stack ?? error.message) : error.message) : String(error)])
      if (problems.length) fail(report, step.line, describe(step), problems)
      else report.steps.push({ line: step.line, text: describe(step), ok: true, problems: [] })
      if (problems.length && options.stopAtFirst) break
    }
  } catch (error) {
    fail(report, 1, 'start', [error instanceof Error ? (error.stack ?? error.message) : String(error)])
  } finally {
    await opened?.close()
    await rm(dir, { recursive: true, force: true })
  }
}

const fail = (report: ScenarioReport, line: number, text: string, problems: string[]): void => { report.ok = false; report.steps.push({ line, text, ok: false, problems }) }
const describe = (step: ScenarioStep): string => [step.as ? `as ${step.as}` : '', ...step.verbs.map((v) => `${v} ${JSON.stringify(step.target[v])}`), step.on ? `on ${JSON.stringify(step.on)}` : ''].filter(Boolean).join(' ')
