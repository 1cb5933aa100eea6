import { afterEach, expect, test } from 'vitest'
import { entitiesOf, findEntity, findPath, formatFinding, hasErrors, isTarget, loadDefinitions, soundDefinitions } from './index.ts'
import type { LoadedDefinitions } from './index.ts'
import type { ProgrammeDef } from './model.ts'
import { library } from './testing/library.ts'
import { writeTree } from './testing/tree.ts'
import type { Tree } from './testing/tree.ts'

const made: (() => Promise<void>)[] = []
afterEach(async () => { for (const remove of made.splice(0)) await remove() })

const load = async (...trees: Tree[]): Promise<LoadedDefinitions> => {
  const roots: string[] = []
  for (const tree of trees) {
    const { root, remove } = await writeTree(tree)
    made.push(remove)
    roots.push(root)
  }
  return loadDefinitions({ roots })
}
const programmeOf = (loaded: LoadedDefinitions, id: string): ProgrammeDef => loaded.definitions.programmes[id] as ProgrammeDef
const CITY = { 'seeds/programs/city/program.json': { title: '市馆', extends: 'library' } }

test('a whole family loads without a finding and survives a JSON round trip', async () => {
  const loaded = await load(library())
  expect(loaded.findings.map(formatFinding)).toEqual([])
  expect(JSON.parse(JSON.stringify(loaded.definitions))).toEqual(loaded.definitions)
  expect(Object.keys(loaded.definitions.families)).toEqual(['core', 'library'])
  expect(loaded.definitions.families.library?.extends).toBe('core')
})

test('short names and full ids find the same entity, listed once', async () => {
  const p = programmeOf(await load(library(), CITY), 'city')
  expect(findEntity(p, 'loan')).toBe(findEntity(p, 'library/loan'))
  expect(entitiesOf(p).map((e) => e.id)).toEqual(['core/organisation', 'core/user', 'library/book', 'library/loan'])
})

test('shorthands are written out and names of tables and columns derived', async () => {
  const p = programmeOf(await load(library()), 'library')
  const loan = findEntity(p, 'loan')
  const book = findEntity(p, 'book')
  expect(loan?.table).toBe('e_library_loan')
  expect(loan?.properties.bookThen?.properties?.name?.column).toEqual({ name: 'book_then_name', index: false, sortable: true })
  expect(loan?.properties.book?.ref).toEqual({ entity: 'library/book', label: 'name', owner: false, inverse: 'loans', companion: false, copy: { bookThen: ['name', 'kind'] } })
  expect(loan?.properties.tags?.linkTable).toBe('l_library_loan_tags')
  expect(loan?.properties.dueAt?.kind).toBe('date-time')
  expect(loan?.properties.slip?.file?.kind).toBe('image')
  expect(loan?.properties.number?.number).toEqual({ pattern: '{now:yyyy}{seq:5}', draw: 'create', gaps: 'allowed' })
  expect(loan?.properties.status?.column?.name).toBe('status')
  expect(book?.properties.price?.scale).toBe(2)
  expect(book?.properties.authors?.items?.properties?.name?.path).toBe('authors[].name')
  expect(book?.properties.lent?.column).toBeUndefined()
  expect(book?.inverses).toEqual({ loans: { entity: 'library/loan', path: 'book' } })
  expect(loan?.form.imports.sheet).toMatchObject({ kind: 'sheet', key: { reader: 'row.reader' }, onExisting: 'reject', onMissing: 'create', columns: { book: { title: '书名', required: false } } })
  expect(loan?.form.access.librarian?.can).toEqual(['read', 'create', 'import:sheet', 'action:renew'])
  expect(loan?.form.actions.renew?.set).toEqual([{ id: 'set', values: { dueAt: 'dueAt + duration("P30D")' } }])
})

test('a copy fills its object with the copied properties the schema does not repeat', async () => {
  const loan = findEntity(programmeOf(await load(library()), 'library'), 'loan')
  expect(Object.keys(loan?.properties.bookThen?.properties ?? {})).toEqual(['name', 'kind'])
  expect(loan?.properties.bookThen?.properties?.kind).toMatchObject({ path: 'bookThen.kind', enum: ['NOVEL', 'ATLAS'], required: false })
})

test('columns and filters take title, kind and choices from their property, terms are put in', async () => {
  const loan = findEntity(programmeOf(await load(library()), 'library'), 'loan')
  const list = loan?.form.lists.loans
  expect(list?.columns.book).toEqual({ path: 'book.name', title: { zh: '图书' } })
  expect(list?.columns.who?.group?.map((g) => g.title?.zh)).toEqual(['证件号', '书名'])
  expect(Object.fromEntries(Object.entries(list?.filters ?? {}).map(([k, f]) => [k, f.kind]))).toEqual({ status: 'select', reader: 'blind', dueAt: 'range', number: 'text', book: 'ref' })
  expect(list?.filters.status?.values).toEqual({ OUT: { zh: '借出' }, BACK: { zh: '已还' } })
  expect(loan?.form.title).toEqual({ zh: '借阅管理', en: 'Loans' })
  expect(loan?.form.exports.all?.columns).toEqual(list?.columns)
})

test('a programme adds, moves and removes single members; its patch lines are reported as its own', async () => {
  const patch = `{
  "properties": {
    "kind": { "x-enum-add": { "COMIC": "漫画" } },
    "price": null,
    "shelf": { "type": "string", "title": "书架", "x-column": true, "after": "name" },
    "mistake": { "type": "string", "titel": "?" }
  }
}`
  const loaded = await load({
    ...library(), ...CITY, 'forms/city/book/schema.patch.json': patch, 'forms/library/book/schema.json': { ...(library()['forms/library/book/schema.json'] as object), 'x-home': 'programme' },
    'forms/city/book/form.patch.json': { lists: { books: { columns: { kind: null, shelf: { path: 'shelf', after: 'name' }, name: { title: '题名' } } } }, access: { reader: { can: { export: true } } } },
  })
  const book = findEntity(programmeOf(loaded, 'city'), 'book')
  expect(Object.keys(book?.properties ?? {})).toEqual(['name', 'shelf', 'branch', 'kind', 'authors', 'lent', 'mistake'])
  expect(book?.properties.kind).toMatchObject({ enum: ['NOVEL', 'ATLAS', 'COMIC'], enumTitles: { COMIC: { zh: '漫画' } } })
  expect(book?.schema).not.toHaveProperty('properties.shelf.after')
  expect(Object.keys(book?.form.lists.books?.columns ?? {})).toEqual(['name', 'shelf', 'lent'])
  expect(book?.form.lists.books?.columns.name).toEqual({ path: 'name', title: { zh: '题名' } })
  expect(book?.form.access.reader?.can).toEqual(['read', 'export'])
  expect(findEntity(programmeOf(loaded, 'library'), 'book')?.properties.price).toBeDefined()
  expect(loaded.findings.map(formatFinding)).toEqual(['forms/city/book/schema.patch.json:6: error meta: unknown key "titel"; did you mean "title"?'])
})

test('an unknown "after" and a removal of nothing are told with their place', async () => {
  const loaded = await load({ ...library(), ...CITY, 'forms/city/loan/form.patch.json': '{\n  "lists": { "loans": { "columns": {\n    "reader": { "path": "reader", "after": "nummer" },\n    "gone": null } } }\n}' })
  expect(loaded.findings.map((f) => [f.line, f.code, f.level])).toEqual([[4, 'patch-removes-nothing', 'warning'], [3, 'after-unknown', 'error']])
})

test('broken JSON is a finding, everything else is still there', async () => {
  const loaded = await load({ ...library(), 'forms/library/book/schema.json': '{\n  "title": "图书",\n  "properties": { "name": { "type": "string" "title": "书名" } }\n}' })
  expect(soundDefinitions(loaded)).toBeNull()
  expect(loaded.findings.find((f) => f.code === 'json')).toMatchObject({ file: 'forms/library/book/schema.json', line: 3, fix: 'put a comma between two members' })
  expect(findEntity(programmeOf(loaded, 'library'), 'loan')).toBeDefined()
  expect(findEntity(programmeOf(loaded, 'library'), 'book')?.properties.name?.title).toEqual({ zh: '书名' })
})

test('no value of the wrong shape makes loading throw', async () => {
  for (const value of ['[]', '3', '"x"', 'null', '', '{"properties":[],"x-unique":3,"x-rules":"a"}', '{"properties":{"a":null,"b":[1],"c":{"x-ref":{},"items":5,"enum":{}}}}']) {
    const loaded = await load({ ...library(), 'forms/library/book/schema.json': value, 'forms/library/book/form.json': value, 'seeds/families/library/roles.json': value, 'templates/library/slip/template.json': value, 'seeds/demo/one/demo.json': value })
    expect(hasErrors(loaded.findings), value).toBe(true)
  }
})

test('a programme sets what its family declares and nothing else', async () => {
  const loaded = await load({ ...library(), 'seeds/programs/city/program.json': { title: '市馆', extends: 'library', params: { loanDays: 14, days: 3 }, policies: { quota: 'off' }, rules: { overdue: 'args.days > 7', late: 'true' }, terms: { loan: '外借' } } })
  const p = programmeOf(loaded, 'city')
  expect(p.params.loanDays).toEqual({ type: 'integer', value: 14 })
  expect(p.policies.quota).toEqual({ is: 'off' })
  expect(p.rules.overdue).toEqual({ args: { days: 'number' }, returns: 'boolean', expr: 'args.days > 7' })
  expect(findEntity(p, 'loan')?.form.title.zh).toBe('外借管理')
  expect(loaded.findings.map((f) => f.code)).toEqual(['param-undeclared', 'rule-undeclared'])
})

test('one row of a rule table is changed, added and removed', async () => {
  const tree = library()
  const family = tree['seeds/families/library/family.json'] as { rules: object }
  family.rules = { ...family.rules, fine: { args: ['days'], hit: 'first', rows: { none: { if: 'args.days <= 0', then: '0' }, long: { if: 'args.days > 30', then: '500' }, other: { then: '100' } } } }
  const loaded = await load({ ...tree, 'seeds/programs/city/program.json': { title: '市馆', extends: 'library', rules: { fine: { rows: { long: { then: '900' }, none: null, mid: { if: 'args.days > 10', then: '300', after: 'long' } } } } } })
  expect(programmeOf(loaded, 'city').rules.fine).toEqual({ args: { days: 'any' }, hit: 'first', rows: { long: { if: 'args.days > 30', then: '900' }, mid: { if: 'args.days > 10', then: '300' }, other: { if: 'true', then: '100' } } })
})

test('a later root adds programmes and takes the place of single files', async () => {
  const loaded = await load(library(), { ...CITY, 'forms/city/chair/schema.json': { title: '座位', properties: { name: { type: 'string', title: '名称' } } }, 'templates/library/slip/template.hbs': '<b>{{number}}</b>' })
  expect(loaded.findings).toEqual([])
  expect(findEntity(programmeOf(loaded, 'city'), 'chair')).toMatchObject({ id: 'city/chair', table: 'e_city_chair', home: 'programme' })
  expect(programmeOf(loaded, 'library').templates.slip?.html).toBe('<b>{{number}}</b>')
})

test('a whole process of the programme takes the place of the family\'s', async () => {
  const p = programmeOf(await load({ ...library(), ...CITY, 'workflows/city/loan.bpmn': '<own/>' }), 'city')
  expect(p.processes.loan).toMatchObject({ id: 'loan', family: 'city', file: 'workflows/city/loan.bpmn', xml: '<own/>' })
})

test('the version changes with the content and with nothing else', async () => {
  const first = await load(library(), CITY)
  const again = await load(library(), CITY)
  const other = await load({ ...library(), ...CITY, 'forms/city/book/form.patch.json': { title: '藏书' } })
  expect(again.definitions.version).toBe(first.definitions.version)
  expect(programmeOf(other, 'city').version).not.toBe(programmeOf(first, 'city').version)
  expect(programmeOf(other, 'library').version).toBe(programmeOf(first, 'library').version)
})

test('paths follow references, inverses, arrays and system properties', async () => {
  const p = programmeOf(await load(library()), 'library')
  const loan = findEntity(p, 'loan')
  if (!loan) throw new Error('loan is missing')
  const kindOf = (path: string): string => { const found = findPath(p, loan, path); return isTarget(found) ? `${found.property.kind}${found.many ? ' many' : ''}` : `no ${found.missing}` }
  expect(['book.branch.name', 'book.loans.status', 'book.authors[].name', 'createdBy.name', 'bookThen.name', 'org.name.x', 'book.colour'].map(kindOf)).toEqual(['string', 'string many', 'string many', 'string', 'string', 'no x', 'no colour'])
})

test('every file kind reports mistakes with line and the nearest known word', async () => {
  const at = (file: string, text: string): Tree => ({ ...library(), [file]: text })
  const cases: [string, string, string][] = [
    ['seeds/families/library/roles.json', '{\n "a": { "title": "A",\n  "portla": "x" } }', '3: error meta: unknown key "portla"; did you mean "portal"?'],
    ['forms/library/loan/form.json', '{\n "process": "loan",\n "acess": {} }', '3: error meta: unknown key "acess"; did you mean "access"?'],
    ['templates/library/slip/template.json', '{ "title": "x", "entity": "loan",\n "data": {},\n "kind": "pfd" }', '3: error meta: "pfd" is not allowed for "kind"; did you mean "pdf"?'],
    ['seeds/demo/one/records/book.json', '{\n "records": {} }', '1: error meta: "key" is missing; add "key"'],
    ['seeds/demo/one/demo.json', '{\n "usres": {} }', '2: error meta: unknown key "usres"; did you mean "users"?'],
    ['seeds/families/library/family.json', '{ "title": "x",\n "policies": { "quota": { "is": "blcok" } } }', '2: error meta: "blcok" is not allowed for "is"; did you mean "block"?'],
  ]
  for (const [file, text, expected] of cases) expect((await load(at(file, text))).findings.map(formatFinding), file).toContain(`${file}:${expected}`)
})
