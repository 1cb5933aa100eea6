import { afterEach, describe, expect, test } from 'vitest'
import { compile } from '../../expressions/index.ts'
import type { CompiledProcess, ElementInfo } from '../../process/core/types.ts'
import { formatFinding, lint, loadDefinitions } from '../index.ts'
import type { LintOptions } from '../index.ts'
import type { Finding, JsonObject } from '../model.ts'
import { library } from '../testing/library.ts'
import { writeTree } from '../testing/tree.ts'
import type { Tree } from '../testing/tree.ts'

const made: (() => Promise<void>)[] = []
afterEach(async () => { for (const remove of made.splice(0)) await remove() })

const element = (id: string, rest: Partial<ElementInfo>): ElementInfo => ({ id, name: id, type: 'userTask', outcomes: [], inputs: [], outputs: [], effects: [], line: 7, ...rest })
const processOf = (...elements: ElementInfo[]): CompiledProcess => ({
  id: 'loan', name: 'loan', file: 'workflows/library/loan/loan.bpmn', drawn: [], elements: Object.fromEntries(elements.map((e) => [e.id, e])), flows: {},
  expressions: elements.flatMap((e) => (e.due === undefined ? [] : [{ element: e.id, use: 'due', text: e.due, line: e.line }])),
  index: { outgoing: {}, incoming: {}, boundaries: {}, starts: {}, eventStarts: {}, ordinal: {}, size: 0, links: {}, joins: {}, undo: {}, asks: {} },
})
const give = element('give', { role: ['librarian'], outcomes: [{ id: 'return', label: '归还', comment: 'none' }], status: 'OUT', edit: ['dueAt'], due: 'dueAt' })

const findingsOf = async (tree: Tree, options: Partial<LintOptions> = {}): Promise<Finding[]> => {
  const { root, remove } = await writeTree(tree)
  made.push(remove)
  const loaded = await loadDefinitions({ roots: [root] })
  return [...loaded.findings, ...lint(loaded.definitions, { compile, sources: loaded.sources, process: () => processOf(give), operations: { 'desk/print': { id: 'desk/print', input: { properties: { copies: {} }, required: ['copies'] } } }, ...options })]
}

type Change = (tree: Record<string, JsonObject>) => void
const put = (file: string, path: string, value: unknown): Change => (tree) => {
  const keys = path.split('/')
  let at = tree[file] as Record<string, unknown>
  for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>
  at[keys.at(-1) ?? ''] = value
}
const LOAN = 'forms/library/loan/schema.json'
const LOAN_FORM = 'forms/library/loan/form.json'
const BOOK = 'forms/library/book/schema.json'
const BOOK_FORM = 'forms/library/book/form.json'
const FAMILY = 'seeds/families/library/family.json'
const ROLES = 'seeds/families/library/roles.json'
const DEMO = 'seeds/demo/one/records/book.json'

/** code, planted mistake, words the finding must say */
const planted: [string, Change, string][] = [
  ['path-unknown', put(BOOK_FORM, 'lists/books/columns/x', 'nmae'), '"nmae"'],
  ['path-unknown', put(LOAN_FORM, 'exports/all/columns', { a: 'book.colour' }), 'library/book has no "colour"'],
  ['path-unknown', put(LOAN_FORM, 'scope/branch', 'book.brnch'), 'did you mean "branch"?'],
  ['path-unknown', put(LOAN_FORM, 'edit/open/fields', 'dueDate'), '"dueDate"'],
  ['path-unknown', put(LOAN, 'x-unique/once/fields', ['book', 'raeder']), 'did you mean "reader"?'],
  ['feel', put(LOAN, 'x-unique/once/message', '{book.colour}已借出'), 'no property `colour`'],
  ['meta', put(BOOK, 'properties/kind', { type: 'string', title: '类别', enum: ['A', 'B'], default: 'C' }), 'the default "C" of "kind"'],
  ['meta', put(BOOK, 'properties/kind', { type: 'string', title: '类别', enum: ['A', 'B'], 'x-enum-titles': { A: '甲', D: '丁' } }), '"D" has a title'],
  ['status-unknown', put(LOAN, 'properties/late', { type: 'string', title: '逾期', 'x-compute': { at: 'read', expr: 'if record.id = null then "YES" else "NO"' }, 'x-states': { YES: '是' } }), 'may become "NO"'],
  ['filter-column', put(LOAN_FORM, 'lists/loans/filters/slip', 'slip'), 'cannot be filtered'],
  ['tab-code', put(LOAN_FORM, 'lists/loans/tabs', { by: 'status', groups: { a: { title: 'A', in: ['GONE'] } } }), '"GONE"'],
  ['filter-unknown', put(LOAN_FORM, 'lists/loans/require', ['plan']), '"plan" is no filter'],
  ['list-unknown', put(LOAN_FORM, 'exports/all/list', 'lones'), 'did you mean "loans"?'],
  ['widget-unknown', put(LOAN_FORM, 'layout/widgets/slip', { widget: 'serch' }), 'did you mean "search"?'],
  ['role-unknown', put(LOAN_FORM, 'edit/open/role', 'libarian'), 'did you mean "librarian"?'],
  ['role-unknown', put(ROLES, 'librarian/assignable', ['guest']), '"guest"'],
  ['right-unknown', put(LOAN_FORM, 'access/reader/can', 'read import:sheets'), 'no import "sheets"'],
  ['scope-missing', put(LOAN_FORM, 'scope', {}), 'limited by "branch"'],
  ['ref-unknown', put(LOAN, 'properties/book/x-ref/entity', 'bok'), 'did you mean "book"?'],
  ['inverse-taken', put(LOAN, 'properties/book/x-ref/inverse', 'authors'), 'already has "authors"'],
  ['copy-target', put(LOAN, 'properties/book/x-ref/copy', { shelf: 'name' }), 'no object property'],
  ['companion-unique', put(LOAN, 'properties/book/x-ref/companion', true), 'several may be made'],
  ['companion-home', (t) => { put(LOAN, 'properties/book/x-ref/companion', true)(t); put(LOAN, 'x-home', 'family')(t) }, 'home "family"'],
  ['governor', put(LOAN, 'properties/status/x-compute', '"OUT"'), 'exactly one governor'],
  ['governor', put(BOOK, 'properties/kind/x-states', { NOVEL: '小说' }), 'nobody governs'],
  ['governor', put(BOOK, 'properties/kind/x-governor', 'process'), 'only "status" can'],
  ['status-missing', put(BOOK_FORM, 'process', 'loan'), 'no "status"'],
  ['compute-column', put(BOOK, 'properties/lent/x-column', true), 'has no column'],
  ['system-name', put(BOOK, 'properties/rev', { type: 'string', title: '版本' }), 'system property'],
  ['check-home', put(BOOK, 'properties/cover', { type: 'string', title: '封面', 'x-file': { kind: 'image', check: { wide: { is: 'width > 9', message: '太小', policy: 'quota' } } } }), 'depends on a programme'],
  ['policy-unknown', put(LOAN, 'x-limit/shelf/policy', 'quotum'), 'did you mean "quota"?'],
  ['limit-measure', put(LOAN, 'x-limit/shelf/count', false), 'neither counts nor sums'],
  ['rule-on', put(LOAN, 'x-rules/known/on', ['retrun']), 'did you mean "return"?'],
  ['rule-body', put(FAMILY, 'rules/fine', { args: ['days'] }), 'no body'],
  ['rule-unknown', put(LOAN_FORM, 'lookups/find', { keys: ['number'], rules: 'knwon' }), 'did you mean "known"?'],
  ['param-type', put(FAMILY, 'params/loanDays/default', 'many'), 'not a integer'],
  ['feel', put(LOAN, 'x-rules/known/must', 'bok != null'), '`bok`'],
  ['feel', put(LOAN_FORM, 'lists/loans/where', 'count(rows("loan")[returned = false]) > 0'), 'bare'],
  ['feel', put(LOAN_FORM, 'imports/sheet/rules/named/must', 'row.titel != null'), 'titel'],
  ['feel', put(FAMILY, 'rules/overdue/expr', 'args.day > 3'), 'day'],
  ['feel-not-sql', put(BOOK, 'properties/lent/x-compute/expr', 'count(split(name, " "))'), 'split'],
  ['rows-in-column', put(BOOK_FORM, 'lists/books/columns/x', { title: 'X', expr: 'count(rows("loan"))' }), 'rows()'],
  ['entity-unknown', put(LOAN_FORM, 'imports/sheet/lookup/found/in', 'boks'), 'did you mean "book"?'],
  ['entity-unknown', put(LOAN_FORM, 'actions/renew/make', { into: 'fine', values: {} }), 'fills "fine"'],
  ['set-status', put(LOAN_FORM, 'actions/renew/set', { status: '"BACK"' }), 'governed by its process'],
  ['set-computed', put(LOAN_FORM, 'actions/renew/set', { entity: 'book', values: { lent: '1' } }), 'is computed'],
  ['draw-number', put(LOAN_FORM, 'actions/renew/set', { entity: 'loan', draw: 'dueAt' }), 'no x-number'],
  ['feel', put(LOAN_FORM, 'actions/renew/set', { entity: 'loan', draw: 'number', order: 'item.dueAt, item.shelf' }), '`shelf`'],
  ['import-column', put(LOAN_FORM, 'imports/sheet/rules/named/path', 'titel'), 'no column of this import'],
  ['import-archive', put(LOAN_FORM, 'imports/zip', { title: 'Z', kind: 'archive', match: '{number}.jpg', setFile: 'number' }), 'is no file'],
  ['import-unknown', put(LOAN_FORM, 'create', { via: ['import:shet'] }), 'did you mean "sheet"?'],
  ['template-unknown', put(LOAN_FORM, 'documents/slip/template', 'slips'), 'did you mean "slip"?'],
  ['process-unknown', put(LOAN_FORM, 'process', 'lone'), 'did you mean "loan"?'],
  ['operation-unknown', put(LOAN_FORM, 'actions/renew/operation', 'desk/pint'), 'did you mean "desk/print"?'],
  ['record-unknown', put(DEMO, 'records/atlas/branch', '$organisation.side'), '"$organisation.side"'],
  ['path-unknown', put(DEMO, 'records/atlas/colour', 'red'), 'no "colour"'],
]

describe('lint', () => {
  test('says nothing of a sound library', async () => {
    expect((await findingsOf(library())).map(formatFinding)).toEqual([])
  })

  test.each(planted)('finds %s (%#)', async (code, change, words) => {
    const tree = library()
    change(tree as Record<string, JsonObject>)
    const found = (await findingsOf(tree)).filter((f) => f.code === code)
    expect(found.map(formatFinding).join('\n')).toContain(words)
    expect(found).not.toEqual([])
    expect(found.every((f) => f.line > 1 && f.fix !== '')).toBe(true)
  })

  test.each<[string, Partial<ElementInfo>, string]>([
    ['role-unknown', { role: ['libarian'] }, 'did you mean "librarian"?'],
    ['status-unknown', { status: 'GONE' }, '"GONE" is no state'],
    ['operation-unknown', { type: 'serviceTask', operation: 'desk/pint' }, 'did you mean "desk/print"?'],
    ['operation-input', { type: 'serviceTask', operation: 'desk/print', inputs: [{ name: 'copy', expr: '1' }] }, 'takes no "copy"; use one of: copies'],
    ['operation-input', { type: 'serviceTask', operation: 'desk/print' }, 'needs "copies"'],
    ['rule-unknown', { type: 'businessRuleTask', rule: 'overdeu' }, 'did you mean "overdue"?'],
    ['text-unknown', { type: 'sendTask', text: 'loan-deu' }, 'did you mean "loan-due"?'],
    ['form-unknown', { form: 'loan/extend' }, 'no input form'],
    ['path-unknown', { edit: ['dueAy'] }, 'did you mean "dueAt"?'],
    ['process-unknown', { calledElement: 'review' }, 'calls "review"'],
    ['feel', { due: 'dueOn' }, '`dueOn`'],
    ['set-computed', { effects: [{ kind: 'set', id: 's', entity: 'book', where: 'item.id = record.book', values: [{ name: 'lent', expr: '1' }], unless: [] }] }, 'is computed'],
    ['entity-unknown', { effects: [{ kind: 'make', id: 'm', into: 'fine', values: [], unless: [] }] }, 'fills "fine"'],
  ])('finds %s in a process, at the line of its element', async (code, rest, words) => {
    const found = (await findingsOf(library(), { process: () => processOf(give, element('x', rest)) })).filter((f) => f.code === code)
    expect(found.map(formatFinding).join('\n')).toContain(words)
    expect(found.every((f) => f.file === 'workflows/library/loan/loan.bpmn' && f.line === 7)).toBe(true)
  })

  test('finds the same property with two types in two programmes', async () => {
    const program = { title: 'P', extends: 'library' }
    const found = await findingsOf({
      ...library(), 'seeds/programs/east/program.json': program, 'seeds/programs/west/program.json': program,
      'forms/east/loan/schema.patch.json': { properties: { fee: { type: 'integer', title: '费用' } } }, 'forms/west/loan/schema.patch.json': { properties: { fee: { type: 'string', title: '费用' } } },
    })
    expect(found.map((f) => [f.code, f.file, f.line])).toEqual([['type-differs', 'forms/west/loan/schema.patch.json', 3]])
  })

  test('warns of a table that would carry more than sixteen indexes', async () => {
    const tree = library() as Record<string, JsonObject>
    for (let i = 1; i <= 16; i++) put(LOAN, `properties/mark${i}`, { type: 'string', title: `M${i}`, 'x-column': { index: true } })(tree)
    expect((await findingsOf(tree)).map((f) => f.code)).toEqual(['too-many-indexes'])
  })

  test('compiles each role\'s conditions for the entity they limit, as SQL', async () => {
    const found = await findingsOf(library(), { rowConditions: (_, e, role) => (role === 'reader' && e.name === 'book' ? ['branch.colour = user.org', 'count(split(name, " ")) > 1'] : []) })
    expect(found.map((f) => [f.code, f.file])).toEqual([['feel', 'forms/library/book/form.json'], ['feel-not-sql', 'forms/library/book/form.json']])
  })

  test('passes on what the document engine says of a template', async () => {
    const fault: Finding = { file: 'templates/library/slip/template.hbs', line: 1, level: 'error', code: 'TEMPLATE_FIELD', message: 'm', fix: 'f' }
    expect(await findingsOf(library(), { checkTemplate: (t) => (t.id === 'slip' ? [fault] : []) })).toEqual([fault])
  })
})
