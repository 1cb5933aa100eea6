import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkDefinitions } from '#server/check-definitions.ts'
import { findPath, findScenarios, formatFinding, isTarget, loadDefinitions, loadScenario, type Definitions, type ProgrammeDef } from '#server/runtime/definitions/index.ts'
import { runScenario } from '#server/scenarios/run-scenario.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')
const FOLDER = resolve(import.meta.dirname, '../fixtures/trial-programme')
const PROGRAMME = 'songhe-elder-care'
const FLOWS = join(FOLDER, 'workflows', PROGRAMME)

let definitions: Definitions
let programme: ProgrammeDef
let findings: string[]
beforeAll(async () => {
  const checked = await checkDefinitions(await loadDefinitions({ roots: [REPOSITORY, FOLDER] }))
  definitions = checked.definitions
  programme = definitions.programmes[PROGRAMME]!
  findings = checked.findings.map(formatFinding)
}, 60_000)

describe('a programme in a folder beside the product', () => {
  test('is found sound together with everything it stands on', () => { expect(findings).toEqual([]) })

  test('adds, moves, renames and removes single points of the family', () => {
    const columns = programme.entities['exam-site']!.form.lists.sites!.columns
    expect(Object.keys(columns)).toEqual(['number', 'name', 'beds', 'school', 'certificates', 'status', 'state'])
    expect(columns.number!.title).toEqual({ zh: '站点编号' })
    expect(Object.keys(programme.entities['pilot-application']!.form.lists.applications!.filters)).toEqual(['year', 'partner', 'batch', 'certificate'])
    expect(Object.keys(programme.entities['pilot-application']!.properties.status!.states!)).toEqual(['DRAFT', 'PENDING_FIRST', 'PENDING_EXPERT', 'PENDING_FINAL', 'APPROVED', 'RETURNED'])
    expect(programme.entities.subject!.properties.kind!.enum).toEqual(['JOINT', 'THEORY', 'PRACTICAL', 'DEFENCE'])
    expect(programme.entities.registration!.form.imports.bySubject).toBeUndefined()
    expect(isTarget(findPath(programme, programme.entities.entry!, 'care.healthNo'))).toBe(true)
  })

  test('leaves the other programmes as they were', async () => {
    const alone = (await loadDefinitions({ roots: [REPOSITORY] })).definitions
    const others = Object.keys(alone.programmes)
    expect(others.length).toBeGreaterThan(2)
    expect(others.map((id) => definitions.programmes[id]!.version)).toEqual(others.map((id) => alone.programmes[id]!.version))
  })
})

describe('its scenarios run on the unchanged product', () => {
  test.each([
    'pilot-application/scenarios/expert-review.yaml', 'pilot-application/scenarios/pass-rule.yaml', 'pilot-application/scenarios/pilot-to-certificate.yaml',
    'registration/scenarios/companion.yaml', 'internship-appraisal/scenarios/appraisal.yaml', 'care-plan/scenarios/countersign.yaml',
    'supply-order/scenarios/moves.yaml',
  ])('%s', async (name) => {
    const file = join(FLOWS, name)
    const { scenario, findings: wrong } = loadScenario(file, await readFile(file, 'utf8'))
    expect(wrong).toEqual([])
    const report = await runScenario(scenario!, definitions)
    expect(report.steps.filter((s) => !s.ok).map((s) => `${s.line}: ${s.text}: ${s.problems.join('; ')}`)).toEqual([])
    expect(report.steps).toHaveLength(scenario!.steps.length)
  }, 120_000)

  test('and none is left out', async () => { expect((await findScenarios({ roots: [FOLDER] })).scenarios).toHaveLength(7) })
})

/** what is broken, file, text, its replacement, how the finding begins, what it must say */
const BROKEN: [string, string, string, string, string, RegExp][] = [
  ['a JSON file lacks a comma', `forms/${PROGRAMME}/internship-appraisal/schema.json`, '"x-label": "number",', '"x-label": "number"', ':7: error json', /put a comma/],
  ['a process lacks its end', `workflows/${PROGRAMME}/internship-appraisal/internship-appraisal.bpmn`, '</bpmn:process>', '', ': error bpmn.xml', /not well-formed/],
  ['a role is misspelt in a process', `workflows/${PROGRAMME}/expert-review/expert-review.bpmn`, 'certflow:role="care-expert"', 'certflow:role="care-exprt"', ': error role-unknown', /did you mean "care-expert"/],
  ['a timer waits for a number', `workflows/${PROGRAMME}/internship-appraisal/internship-appraisal.bpmn`, '>period.end</bpmn:timeDate>', '>hours</bpmn:timeDate>', ':18: error feel', /a time or duration is needed/],
  ['an effect reads an input nobody types', `workflows/${PROGRAMME}/internship-appraisal/internship-appraisal.bpmn`, '>input.skill<', '>input.skil<', ': error feel', /skill/],
  ['a rule is no condition', `forms/${PROGRAMME}/internship-appraisal/schema.json`, '"hours >= 120"', '"hours + 120"', ':71: error feel', /boolean/],
  ['a row of a table names an unknown field', `forms/${PROGRAMME}/internship-appraisal/schema.json`, '"total >= 75"', '"totl >= 75"', ':47: error feel', /Near it: total/],
  ['an expression ends too early', `forms/${PROGRAMME}/internship-appraisal/schema.json`, 'count(visits[item.done])', 'count(visits[item.done]', ':53: error feel', /ends too early/],
  ['a document prints an undeclared field', `templates/${PROGRAMME}/admission-ticket/template.hbs`, '{{hotline}}', '{{hotlin}}', ':21: error TEMPLATE_FIELD', /Declare "hotlin"/],
  ['a document leaves a block open', `templates/${PROGRAMME}/admission-ticket/template.hbs`, '{{/each}}', '', ': error TEMPLATE_SYNTAX', /Close every/],
  ['a column leads nowhere', `forms/${PROGRAMME}/internship-appraisal/form.json`, '"kind": { "path": "homeKind" },\n        "hours"', '"kind": { "path": "homeKnd" },\n        "hours"', ': error path-unknown', /did you mean "homeKind"/],
  ['a patch is placed after nobody', `forms/${PROGRAMME}/pilot-application/form.patch.json`, '"after": "batch"', '"after": "schol"', ':10: error after-unknown', /use one of/],
  ['a policy the family does not have is set', `seeds/programs/${PROGRAMME}/program.json`, '"quota"', '"qouta"', ': error policy-undeclared', /did you mean "quota"/],
]
describe('a mistake is told with file, line and cure', () => {
  let root = ''
  beforeAll(async () => { root = await mkdtemp(join(tmpdir(), 'programme-')); await cp(FOLDER, root, { recursive: true }) })
  afterAll(() => rm(root, { recursive: true, force: true }))
  test.each(BROKEN)('%s', async (_, file, text, wrong, begin, words) => {
    const sound = await readFile(join(root, file), 'utf8')
    expect(sound).toContain(text)
    await writeFile(join(root, file), sound.replace(text, () => wrong))
    const found = (await checkDefinitions(await loadDefinitions({ roots: [REPOSITORY, root] }))).findings.map(formatFinding)
    await writeFile(join(root, file), sound)
    expect(found.filter((f) => f.startsWith(file) && f.includes(begin) && words.test(f)), found.join('\n')).not.toEqual([])
  }, 30_000)
})
