import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from '#server/platform/root.ts'
import type { Scenario } from '#server/runtime/definitions/index.ts'
import type { ScenarioReport } from '#server/scenarios/run-scenario.ts'
import type { RunSettings } from './run-one.ts'

/** What a child process is told once, before the scenarios that come one by one. */
export interface ChildStart { roots: string[]; settings: RunSettings }
export type ToChild = { start: ChildStart } | { scenario: Scenario }
export type FromChild = { ready: true } | { report: ScenarioReport }

const BIN = join(ROOT, 'bin/certflow.mjs')

const broken = (scenario: Scenario, why: string): ScenarioReport =>
  ({ file: scenario.file, title: scenario.title, covers: scenario.covers, ok: false, ms: 0, steps: [{ line: 1, text: 'run', ok: false, problems: [why] }] })

/** Scenarios in several processes, each taking the next one when it is free; reports come as they are done. */
export const runMany = async (scenarios: Scenario[], start: ChildStart, processes: number, onReport: (report: ScenarioReport) => void): Promise<void> => {
  const waiting = [...scenarios]
  const worker = (): Promise<void> => new Promise((resolve) => {
    const child: ChildProcess = fork(BIN, ['scenario', 'child'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' })
    const tell = (message: ToChild): void => { child.send(message) }
    let current: Scenario | undefined
    const next = (): void => {
      current = waiting.shift()
      if (current) tell({ scenario: current })
      else child.disconnect()
    }
    child.on('message', (message: FromChild) => {
      if ('report' in message) onReport(message.report)
      next()
    })
    child.on('exit', (code, signal) => {
      if (current) onReport(broken(current, `the process that ran it ended (${signal ?? code})`))
      resolve()
    })
    tell({ start })
  })
  await Promise.all(Array.from({ length: Math.min(processes, scenarios.length) }, worker))
  for (const scenario of waiting) onReport(broken(scenario, 'no process was left to run it'))
}
