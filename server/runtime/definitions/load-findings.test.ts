import { afterEach, expect, test } from 'vitest'
import { formatFinding, loadDefinitions, loadScenario } from './index.ts'
import { library } from './testing/library.ts'
import { writeTree } from './testing/tree.ts'
import type { Tree } from './testing/tree.ts'

const made: (() => Promise<void>)[] = []
afterEach(async () => { for (const remove of made.splice(0)) await remove() })

const PROGRAM = 'seeds/programs/city/program.json'
const FAMILY = 'seeds/families/library/family.json'
const family = (change: object): object => ({ ...(library()[FAMILY] as object), ...change })
const city = { [PROGRAM]: { title: '市馆', extends: 'library' } }

/** code, files beside or instead of the library's, the finding as printed */
test.each<[string, Tree, string]>([
  ['file-place', { 'forms/library/book/notes.json': {} }, 'forms/library/book/notes.json:1: warning file-place'],
  ['layer-unknown', { 'forms/garden/tree/schema.json': { title: 'T', properties: {} } }, 'forms/garden/tree/schema.json:1: warning layer-unknown: "garden"'],
  ['family-missing', { [PROGRAM]: { title: 'P' } }, `${PROGRAM}:1: error family-missing`],
  ['family-unknown', { [PROGRAM]: { title: 'P', extends: 'libary' } }, `${PROGRAM}:3: error family-unknown: there is no family "libary"; did you mean "library"?`],
  ['family-cycle', { [FAMILY]: family({ extends: 'archive' }), 'seeds/families/archive/family.json': { title: 'A', extends: 'library' } }, 'error family-cycle'],
  ['overlay-unknown', { ...city, 'forms/city/bok/schema.patch.json': {} }, 'forms/city/bok/schema.patch.json:1: error overlay-unknown: there is no entity "bok" to change; did you mean "book"?'],
  ['overlay-whole', { ...city, 'forms/city/loan/schema.json': { title: 'L', properties: {} } }, 'forms/city/loan/schema.json:1: error overlay-whole'],
  ['overlay-whole', { ...city, 'forms/city/loan/form.json': {} }, 'forms/city/loan/form.json:1: warning overlay-whole'],
  ['overlay-home', { ...city, 'forms/city/book/schema.patch.json': { properties: {} } }, 'forms/city/book/schema.patch.json:1: error overlay-home: "book" belongs to the family'],
  ['term-unknown', { 'forms/library/book/form.json': { title: '{term.lone}' } }, 'forms/library/book/form.json:2: error term-unknown: there is no term "lone"; did you mean "loan"?'],
  ['policy-undeclared', { [PROGRAM]: { title: 'P', extends: 'library', policies: { qouta: 'off' } } }, `${PROGRAM}:5: error policy-undeclared: the family declares no policy "qouta"; did you mean "quota"?`],
  ['hook-undeclared', { [PROGRAM]: { title: 'P', extends: 'library', hooks: { x: 'loan' } } }, 'error hook-undeclared'],
  ['term-undeclared', { [PROGRAM]: { title: 'P', extends: 'library', terms: { x: 'X' } } }, 'error term-undeclared'],
  ['rule-signature', { [PROGRAM]: { title: 'P', extends: 'library', rules: { overdue: { args: ['n'], expr: 'true' } } } }, `${PROGRAM}:5: error rule-signature`],
  ['role-cycle', { 'seeds/families/library/roles.json': { librarian: { title: 'A', extends: 'reader' }, reader: { title: 'B', extends: 'librarian' } } }, 'error role-cycle'],
  ['role-unknown', { 'seeds/families/library/roles.json': { librarian: { title: 'A', extends: 'boss' }, reader: { title: 'B' } } }, 'error role-unknown: there is no role "boss"'],
  ['demo-unknown', { 'seeds/demo/two/demo.json': { title: 'T', extends: 'oen' } }, 'seeds/demo/two/demo.json:3: error demo-unknown: there is no demo set "oen" to begin with; did you mean "one"?'],
  ['json', { 'seeds/demo/one/demo.json': '{ "title": "a", // note\n "title": "b" }' }, 'seeds/demo/one/demo.json:2: error json: "title" is written twice'],
])('loading reports %s with file and line', async (_, files, expected) => {
  const { root, remove } = await writeTree({ ...library(), ...files })
  made.push(remove)
  const { findings } = await loadDefinitions({ roots: [root] })
  expect(findings.map(formatFinding).join('\n')).toContain(expected)
})

test('a demo set on top of another has its records and users first', async () => {
  const { root, remove } = await writeTree({ ...library(), 'seeds/demo/two/demo.json': { title: 'T', extends: 'one', users: { 'reader.ben': { account: 'ben' } } }, 'seeds/demo/two/records/loan.json': { key: ['number'], records: {} } })
  made.push(remove)
  const { definitions } = await loadDefinitions({ roots: [root] })
  const [one, two] = [definitions.demos.one!, definitions.demos.two!]
  expect(one.records.length).toBeGreaterThan(0)
  expect(two.records.map((r) => r.file)).toEqual([...one.records.map((r) => r.file), 'seeds/demo/two/records/loan.json'])
  expect(Object.keys(two.users)).toEqual([...Object.keys(one.users), 'reader.ben'])
})

test('a root that does not exist is told, not taken as empty', async () => {
  const { findings } = await loadDefinitions({ roots: ['/nowhere/definitions'] })
  expect(findings.map(formatFinding)).toEqual(['/nowhere/definitions:1: error root-missing: there is no such folder; name a folder that holds forms/, workflows/, templates/ or seeds/'])
})

test('two steps that give one name are told of', () => {
  const { scenario, findings } = loadScenario('s.yaml', 'title: t\nprogram: p\nclock: 2026-01-01T00:00Z\nsteps:\n  - { create: loan, ref: a }\n  - { create: loan, ref: a }\n')
  expect(scenario?.steps).toHaveLength(2)
  expect(findings.map(formatFinding)).toEqual(['s.yaml:6: warning scenario-ref: "a" names an earlier step\'s record too; choose another ref'])
})
