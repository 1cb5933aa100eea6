import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Finding } from '#server/runtime/definitions/model.ts'
import { compileProcess, lintProcess, lostBetween, parseBpmn, readModel, writeModel } from '#server/runtime/process/bpmn/index.ts'

const HERE = join(import.meta.dirname, '../fixtures/other-tools')
/** A folder of any other files, as fixtures/other-tools/README.md says. */
const MORE = process.env.CERTFLOW_TEST_BPMN

async function below(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter(e => e.isFile() && /\.(bpmn|bpmn20\.xml)$/.test(e.name)).map(e => join(e.parentPath, e.name)).sort()
}
const own = await below(HERE)
const more = MORE === undefined ? [] : await below(MORE)

async function findingsOf(xml: string): Promise<{ findings: Finding[]; read: boolean }> {
  const { process, findings } = await parseBpmn(xml, 'f.bpmn')
  return { findings: process ? [...findings, ...lintProcess(compileProcess(process))] : findings, read: process !== null }
}

/** What is wrong, where, and what to do. */
function expectHelpful(findings: Finding[], xml: string): void {
  const lines = xml.split('\n').length
  for (const f of findings) {
    const about = JSON.stringify(f)
    expect(f.message.length, about).toBeGreaterThan(10)
    expect(f.message, about).not.toMatch(/\bundefined\b|\[object|\bnull\b|NaN/)
    expect(f.fix.length, about).toBeGreaterThan(5)
    expect(f.line, about).toBeGreaterThan(0)
    expect(f.line, about).toBeLessThanOrEqual(lines)
  }
}
const saved = async (xml: string): Promise<string> => writeModel(await readModel(xml))

describe('a file of another tool', () => {
  it.each(own.map(f => [basename(f), f]))('%s opens, and lint says of everything foreign what it is and what to do', async (_name, file) => {
    const xml = await readFile(file, 'utf8')

    const { findings, read } = await findingsOf(xml)

    expect(read).toBe(true)
    expect(findings.length).toBeGreaterThan(0)
    expectHelpful(findings, xml)
  })
  it.each(own.map(f => [basename(f), f]))('%s loses nothing when it is saved, and saving it again changes nothing', async (_name, file) => {
    const xml = await readFile(file, 'utf8')

    const once = await saved(xml)

    expect(lostBetween(xml, once)).toEqual([])
    expect(lostBetween(once, xml), 'something was added').toEqual([])
    expect(await saved(once)).toBe(once)
  })
  it.each(own.map(f => [basename(f), f]))('%s means the same to Certflow after it was saved', async (_name, file) => {
    const xml = await readFile(file, 'utf8')
    const said = ({ findings }: { findings: Finding[] }): string[] => findings.map(f => `${f.code} ${f.message}`.replace(/line \d+/, '')).sort()

    expect(said(await findingsOf(await saved(xml)))).toEqual(said(await findingsOf(xml)))
  })
})

describe('what another tool says', () => {
  it.each([
    ['camunda-7.bpmn', 'camunda:assignee', 'certflow:assignee'], ['camunda-7.bpmn', 'camunda:candidateGroups', 'certflow:role'], ['camunda-7.bpmn', 'camunda:topic', 'certflow:operation'], ['camunda-7.bpmn', '<camunda:inputOutput>', '<certflow:input> and <certflow:output>'],
    ['camunda-8.bpmn', '<zeebe:taskDefinition>', 'certflow:operation'], ['camunda-8.bpmn', '<zeebe:formDefinition>', 'certflow:form'], ['flowable.bpmn', 'flowable:collection', 'certflow:each'], ['flowable.bpmn', 'flowable:dueDate', 'certflow:due'],
    ['jbpm.bpmn', 'drools:ruleFlowGroup', 'certflow:rule'], ['signavio.bpmn', '<signavio:signavioLabel>', 'leave it for that tool'],
  ])('in %s by %s is said here by %s', async (name, said, here) => {
    const { findings } = await findingsOf(await readFile(join(HERE, name), 'utf8'))

    const found = findings.filter(f => f.code === 'bpmn.foreign' && f.message.includes(`${said} `))

    expect(found.length).toBeGreaterThan(0)
    for (const f of found) expect(f.fix).toContain(here)
  })
})

describe.runIf(MORE)('files of the folder that was named', () => {
  it.each(more.map(f => [f.slice((MORE ?? '').length + 1), f]))('%s', async (_name, file) => {
    const xml = await readFile(file, 'utf8')
    const { findings } = await findingsOf(xml)
    expectHelpful(findings, xml)
    const model = await readModel(xml).catch((e: unknown) => e as Error)
    if (model instanceof Error) { expect(findings.filter(f => f.level === 'error').length).toBeGreaterThan(0); return }
    // nothing that Certflow reads has changed; what lint calls an error (ids used twice, ids that are none) may be gone
    const before = new Set(findings.map(f => f.code))
    const broken = findings.some(f => f.level === 'error' && /duplicateId|bpmn\.id|content|element|xml|root/.test(f.code))
    if (broken) return
    const once = await writeModel(model)
    expect(lostBetween(xml, once)).toEqual([])
    expect((await findingsOf(once)).findings.filter(f => !before.has(f.code))).toEqual([])
  })
})
