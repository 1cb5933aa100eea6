import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkDefinitions } from '#server/check-definitions.ts'
import { formatFinding, loadDefinitions, loadScenario, seedsOf, type Definitions } from '#server/runtime/definitions/index.ts'
import { runScenario } from '#server/scenarios/run-scenario.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')
const FOLDER = resolve(import.meta.dirname, '../fixtures/new-family')
const SCENARIO = join(FOLDER, 'workflows/craft/workshop/scenarios/class.yaml')

let definitions: Definitions
let errors: string[]
beforeAll(async () => {
  const checked = await checkDefinitions(await loadDefinitions({ roots: [REPOSITORY, FOLDER] }))
  definitions = checked.definitions
  errors = checked.findings.filter((f) => f.file.includes('craft') || f.file.includes('pottery') || f.file.includes('kiln')).filter((f) => f.code !== 'diagram.missing').map(formatFinding)
}, 60_000)
const failures = async (text: string): Promise<string[]> => {
  const { scenario, findings } = loadScenario('class.yaml', text)
  expect(findings.filter((f) => f.level === 'error')).toEqual([])
  const report = await runScenario(scenario!, definitions)
  return report.steps.filter((s) => !s.ok).map((s) => `${s.line}: ${s.text}: ${s.problems.join('; ')}`)
}

describe('a family of its own beside the shipped one', () => {
  test('is found sound', () => { expect(errors).toEqual([]) })

  test('is published without the reference data of entities it does not have', () => {
    expect(seedsOf(definitions, 'pottery').map((s) => s.entity)).not.toContain('vslc/major')
    expect(seedsOf(definitions, 'itmc-digital-marketing').map((s) => s.entity)).toContain('vslc/major')
  })

  test('passes its scenario from planning to badges, a killed process and the REST resource included', async () => {
    expect(await failures(await readFile(SCENARIO, 'utf8'))).toEqual([])
  }, 120_000)
})

describe('a scenario that is wrong says so at its line', () => {
  const head = 'title: t\nprogram: pottery\nclock: 2026-09-01T09:00+08:00\ngiven: demo/kiln\nsteps:\n  - { as: anna, create: workshop, ref: w, data: { title: 甲班, startsOn: 2026-09-10 } }\n'

  test.each([
    ['an unknown programme', head.replace('pottery', 'potery'), '1: start: there is no programme "potery"'],
    ['an unknown demo set', head.replace('demo/kiln', 'demo/klin'), '1: start: there is no demo set "klin"'],
    ['a clock that is no time', head.replace('2026-09-01T09:00+08:00', 'yesterday'), '1: start: "yesterday" is no time'],
    ['nobody of that name', head.replace('as: anna', 'as: ana'), 'nobody is called "ana"'],
    ['a death that comes too late', `${head}  - { as: anna, do: open, on: $w, kill: 500 }\n`, '7: as anna do "open" kill 500 on "$w": the step was over after'],
    ['a message that was not sent', `${head}  - { as: anna, do: open, on: $w, expect: { sent: [{ to: otto }] } }\n`, 'nothing was sent that fits {"to":"otto"}'],
    ['nothing to compare each with', `${head}  - { query: learner, expect: { each: { name: 甲 } } }\n`, 'there is no record to compare "each" with'],
    ['a request that is none', `${head}  - { as: anna, api: /api/v1/craft/learner }\n`, 'is no request; write a method'],
  ])('%s', async (_, text, expected) => { expect((await failures(text)).join('\n')).toContain(expected) }, 60_000)
})
