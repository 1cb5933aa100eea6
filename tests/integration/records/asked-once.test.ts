import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawFor } from '#server/runtime/process/index.ts'
import { factsFor, loadRows, saveSet, type Draft, type RecordData } from '#server/runtime/records/index.ts'
import { askAlike, followFrom } from '#server/runtime/records/save/alike.ts'
import { draftOf } from '#server/runtime/records/save/load.ts'
import { openLibrary, ROOT, type Library } from '../../support/library/open-library.ts'

let lib: Library
let root: string
let books: [string, string]

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'certflow-asked-'))
  await cp(ROOT, root, { recursive: true })
  const file = join(root, 'forms/library/copy/schema.json')
  const schema = JSON.parse(await readFile(file, 'utf8')) as { properties: { tag: Record<string, unknown> } }
  schema.properties.tag['x-number'] = { pattern: '{book.name}/{shelf:2}/{seq:3}', sequence: 'tag/{book.id}', draw: 'effect', gaps: 'none' }
  await writeFile(file, JSON.stringify(schema))
  lib = await openLibrary({ root })
  books = [await book('甲'), await book('乙')]
})
afterAll(async () => { await lib.close(); await rm(root, { recursive: true, force: true }) })

const save = (entity: string, items: { id?: string; data: RecordData }[]): Promise<Draft[]> =>
  saveSet(lib.house.core.engine, lib.house.core.system('town'), lib.def(entity), items, { via: { kind: 'effect' } })
const book = async (name: string): Promise<string> => (await save('book', [{ data: { name, branch: lib.id('organisation.west'), kind: 'NOVEL', price: 1, lendable: true } }]))[0]!.id
const made = async (list: RecordData[]): Promise<string[]> => (await save('copy', list.map((data) => ({ data })))).map((d) => d.id)
const tags = async (ids: string[]): Promise<(string | null)[]> => {
  const rows = await lib.house.db.all<{ id: number; tag: string | null }>(`SELECT id, tag FROM ${lib.def('copy').table}`)
  return ids.map((id) => rows.find((r) => String(r.id) === id)!.tag)
}

describe('records of a set that say the same where a question looks', () => {
  it('are asked once, and each gets the answer', async () => {
    const { engine } = lib.house.core
    const def = lib.def('copy')
    const ids = await made([{ book: books[0], shelf: 1 }, { book: books[1], shelf: 1 }, { book: books[0], shelf: 2 }, { book: books[0], shelf: 1 }, { book: books[1] }])
    const loader = factsFor(engine, lib.house.core.system('town'))
    const rows = await loadRows(engine, loader, def, ids)
    const drafts = ids.map((id) => draftOf(engine, def, rows.get(id)!, {}))
    const asked: string[] = []
    const answers = await askAlike(loader, drafts, ['book.name', 'shelf'], (d) => { asked.push(d.id); return `${String(d.data['book'])} ${String(d.data['shelf'] ?? '-')}` })
    expect(answers).toEqual([`${books[0]} 1`, `${books[1]} 1`, `${books[0]} 2`, `${books[0]} 1`, `${books[1]} -`])
    expect(asked).toEqual([ids[0], ids[1], ids[2], ids[4]])
    const all: string[] = []
    await askAlike(loader, drafts, ['book.name', 'createdAt'], (d) => all.push(d.id))
    expect(all).toEqual(ids)
  })
  it('are not taken for the same by a question that looks at the record itself, at what was, or at what no column says', () => {
    const loader = factsFor(lib.house.core.engine, lib.house.core.system('town'))
    const from = (...texts: string[]): string[] | undefined => followFrom(loader, lib.def('copy'), texts)?.map((p) => p.name).sort()
    expect(from('book.name', 'item.shelf = record.shelf')).toEqual(['book', 'shelf'])
    expect(from('user.org = branch')).toEqual(['branch'])
    expect(from('count(rows("copy")[item.branch = record.branch]) > 0')).toEqual(['branch'])
    for (const text of ['old.shelf != shelf', 'record = null', 'count(rows("copy")[item.slip = record.slip and item.book = record]) > 0', 'id', 'createdAt = null', 'org = branch']) expect(from(text), text).toBeUndefined()
  })
  it('take the numbers that each would have got alone, in the order of the set', async () => {
    const ids = await made([{ book: books[0], shelf: 7 }, { book: books[1], shelf: 7 }, { book: books[0], shelf: 12 }, { book: books[0], shelf: 7 }])
    await drawFor(lib.house.core.engine, lib.house.core.system('town'), lib.def('copy'), ids, 'tag')
    expect(await tags(ids)).toEqual(['甲/07/001', '乙/07/001', '甲/12/002', '甲/07/003'])
  })
  it('are refused together with the one of which a part of its number is missing', async () => {
    const ids = await made([{ book: books[0], shelf: 3 }, { book: books[0] }])
    await expect(drawFor(lib.house.core.engine, lib.house.core.system('town'), lib.def('copy'), ids, 'tag')).rejects.toThrow(/shelf/)
    expect(await tags(ids)).toEqual([null, null])
  })
})
