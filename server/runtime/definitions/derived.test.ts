import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compile } from '../expressions/index.ts'
import { emitTypes, entityType, feelModel, findEntity, indexesFor, loadDefinitions, programType } from './index.ts'
import type { LoadedDefinitions } from './index.ts'
import type { EntityDef, ProgrammeDef } from './model.ts'
import { library } from './testing/library.ts'
import { writeTree } from './testing/tree.ts'

let loaded: LoadedDefinitions
let remove: () => Promise<void>
let programme: ProgrammeDef
beforeAll(async () => {
  const tree = await writeTree(library())
  remove = tree.remove
  loaded = await loadDefinitions({ roots: [tree.root] })
  programme = loaded.definitions.programmes.library as ProgrammeDef
})
afterAll(() => remove())
const entity = (name: string): EntityDef => findEntity(programme, name) as EntityDef

describe('the FEEL model', () => {
  test('knows types, columns, blind indexes, computes, link tables and ways back', () => {
    const model = feelModel(programme, 'sqlite')
    const loan = model.entity('loan')
    expect(loan).toBe(model.entity('library/loan'))
    expect(loan?.table).toBe('e_library_loan')
    expect(loan?.properties.book).toEqual({ type: { kind: 'entity', entity: 'library/book' }, column: 'book' })
    expect(loan?.properties['bookThen.name']).toEqual({ type: { kind: 'string' }, column: 'book_then_name' })
    expect(loan?.properties.bookThen?.type).toEqual({ kind: 'context', fields: { name: { kind: 'string' }, kind: { kind: 'string' } } })
    expect(loan?.properties.reader).toEqual({ type: { kind: 'string' }, blind: 'reader_bix' })
    expect(loan?.properties.tags).toEqual({ type: { kind: 'list', of: { kind: 'string' } }, linkTable: 'l_library_loan_tags' })
    expect(loan?.properties.createdAt).toEqual({ type: { kind: 'date-time' }, column: 'created_at' })
    const book = model.entity('book')
    expect(book?.properties.lent).toEqual({ type: { kind: 'number', scale: 0 }, compute: 'count(loans[item.returned = false])' })
    expect(book?.properties.loans).toEqual({ type: { kind: 'list', of: { kind: 'entity', entity: 'library/loan' } }, inverse: { entity: 'library/loan', path: 'book' } })
    expect(book?.properties.price).toEqual({ type: { kind: 'number', scale: 2 }, column: 'price' })
    expect(model.rule('overdue')).toEqual({ args: ['days'], expr: 'args.days > program.params.loanDays' })
    expect(model.entity('chair')).toBeUndefined()
  })

  test('lets nested properties, references, rules, params and policies be written in FEEL', () => {
    const names = { program: programType(programme), user: entityType(programme, 'core/user') }
    const text = 'bookThen.name = book.name and rules.overdue(3) = false and program.policies.quota = "block" and book.branch = user.org and now > dueAt'
    const expression = compile(text, { model: feelModel(programme, 'sqlite'), names, self: 'loan', expect: 'boolean' })
    expect(expression.usesClock).toBe(true)
    expect(() => compile('program.params.loanDay > 1', { model: feelModel(programme, 'sqlite'), names })).toThrow('loanDay')
  })
})

describe('generated indexes', () => {
  test('serve what each role reads of a list in its order and by state, filters behind, and what is looked up', () => {
    expect(indexesFor(entity('book')).map((i) => i.columns)).toEqual([['created_at', 'id', 'kind', 'branch'], ['branch', 'created_at', 'id', 'kind']])
    const branch = entity('loan').scopeColumns?.['book.branch']?.column ?? ''
    expect(indexesFor(entity('loan')).map((i) => i.columns)).toEqual([
      ['program', 'created_at', 'id', 'book'], ['program', 'status', 'created_at', 'id', 'book'], ['program', branch, 'created_at', 'id', 'book'], ['program', branch, 'status', 'created_at', 'id', 'book'], ['book'], ['reader_bix'],
    ])
  })

  test('let a limit be counted by an index alone where its condition compares columns of the record', () => {
    const loan = structuredClone(entity('loan'))
    loan.limits = { perDay: { of: 'book', if: 'item.dueAt = record.dueAt', count: true, max: '3', message: { zh: '' } } }
    expect(indexesFor(loan).map((i) => i.columns)).toContainEqual(['book', 'due_at', 'program'])
    loan.limits = { shown: { of: 'book.branch', count: true, max: '3', message: { zh: '' } } }
    expect(indexesFor(loan).map((i) => i.columns)).toContainEqual(['book'])
  })

  test('keep the end of a scope path through references in the table itself', () => {
    expect(entity('loan').scopeColumns).toEqual({ 'book.branch': { column: expect.stringMatching(/^at_book_branch_[0-9a-f]{6}$/) as string, hops: [{ table: 'e_library_loan', column: 'book' }, { table: 'e_library_book', column: 'branch' }] } })
    expect(entity('book').scopeColumns).toEqual({})
  })

  test('name up to three choices of the lists behind the status', () => {
    const loan = structuredClone(entity('loan'))
    loan.home = 'family'
    loan.listScopes = [{ column: 'org', sort: 'created_at', status: true, whole: true }, { column: 'org', sort: 'due_at', status: true, whole: false }]
    expect(indexesFor(loan).map((i) => i.columns).slice(0, 3)).toEqual([['org', 'created_at', 'id', 'book'], ['org', 'status', 'created_at', 'id', 'book'], ['org', 'status', 'due_at', 'id', 'book']])
    loan.home = 'programme'
    expect(indexesFor(loan).map((i) => i.columns)[0]).toEqual(['program', 'org', 'created_at', 'id', 'book'])
    expect(new Set(indexesFor(loan).map((i) => i.columns.join())).size).toBe(indexesFor(loan).length)
  })
})

test('types are written per entity, required where the schema says so', () => {
  const text = emitTypes(loaded.definitions)
  expect(text).toContain("import type { FromSchema } from 'json-schema-to-ts'")
  expect(text).toContain('export type LibraryBook = FromSchema<typeof libraryBook>')
  const schema = /const libraryBook = ([\s\S]*?) as const/.exec(text)?.[1] ?? '{}'
  expect(JSON.parse(schema)).toMatchObject({ type: 'object', additionalProperties: false, required: ['name'], properties: { name: { type: 'string' }, kind: { type: 'string', enum: ['NOVEL', 'ATLAS'] } } })
})
