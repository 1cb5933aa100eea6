import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '#server/platform/random.ts'
import { saveSet, trailOf, type Draft, type RecordData } from '#server/runtime/records/index.ts'
import { messages, openLibrary, ROOT, type Library } from '../../support/library/open-library.ts'

const COPIES = 24
const MOST = 3
let lib: Library
let root: string
let books: [string, string]
let copies: [string[], string[]]

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'certflow-narrow-'))
  await cp(ROOT, root, { recursive: true })
  const file = join(root, 'forms/library/copy/schema.json')
  const schema = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  await writeFile(file, JSON.stringify({
    ...schema,
    'x-unique': { place: { fields: ['book', 'branch', 'shelf'], where: 'branch != null', message: '架位已有复本' } },
    'x-limit': { most: { of: 'branch', if: 'item.book = record.book', count: true, max: String(MOST), message: '最多{max}册' } },
  }))
  lib = await openLibrary({ root })
  books = [await book('甲'), await book('乙')]
  copies = [await made(books[0]), await made(books[1])]
})
afterAll(async () => { await lib.close(); await rm(root, { recursive: true, force: true }) })

const save = (entity: string, items: { id?: string; data: RecordData }[], more: { moments?: string[] } = {}): Promise<Draft[]> =>
  saveSet(lib.house.core.engine, lib.house.core.system('town'), lib.def(entity), items, { via: { kind: 'effect' }, ...more })
const book = async (name: string): Promise<string> => (await save('book', [{ data: { name, branch: lib.id('organisation.west'), kind: 'NOVEL', price: 1, lendable: true } }]))[0]!.id
const made = async (of: string): Promise<string[]> => (await save('copy', Array.from({ length: COPIES }, (_, shelf) => ({ data: { book: of, shelf } })))).map((d) => d.id)

interface Row { id: number; book: number; branch: number | null; shelf: number | null; checked: number; rev: number; data: string }
const rowsOf = async (ids: string[]): Promise<Row[]> => {
  const rows = await lib.house.db.all<Row>(`SELECT id, book, branch, shelf, checked, rev, data FROM ${lib.def('copy').table}`)
  return ids.map((id) => rows.find((r) => String(r.id) === id)!)
}
const keysOf = async (ids: string[]): Promise<number[]> => {
  const rows = await lib.house.db.all<{ record_id: number }>("SELECT record_id FROM unique_keys WHERE entity = 'library/copy'")
  return ids.map((id) => rows.filter((r) => String(r.record_id) === id).length)
}
const without = ({ id: _, book: __, ...rest }: Row): Omit<Row, 'id' | 'book'> => rest

describe('an effect that changes a few columns of many records', () => {
  it('leaves the rows, keys and history that saving the whole records leaves, and refuses the same', async () => {
    const random = seededRandom(11)
    const branches = [lib.id('organisation.west'), lib.id('organisation.east'), null]
    let refused = 0
    for (let round = 0; round < 25; round++) {
      const some = Array.from({ length: COPIES }, (_, i) => i).filter(() => random.int(0, 3) === 0)
      const patches = some.map((): RecordData => ({ branch: branches[random.int(0, 3)]!, ...(random.int(0, 2) ? { shelf: random.int(0, 6) } : {}), ...(random.int(0, 4) ? {} : { checked: true }) }))
      const narrow = await save('copy', some.map((n, i) => ({ id: copies[0][n]!, data: patches[i]! })))
      const whole = await save('copy', some.map((n, i) => ({ id: copies[1][n]!, data: patches[i]! })), { moments: ['nothing'] })
      expect(narrow.every((d) => d.partial === true) && whole.every((d) => d.partial === undefined)).toBe(true)
      expect(narrow.map((d) => d.problems)).toEqual(whole.map((d) => d.problems))
      refused += narrow.filter((d) => d.problems.length > 0).length
    }
    expect(refused).toBeGreaterThan(10)
    const [a, b] = [await rowsOf(copies[0]), await rowsOf(copies[1])]
    expect(a.map(without)).toEqual(b.map(without))
    expect(a.some((r) => r.rev > 2)).toBe(true)
    for (const [i, rows] of [a, b].entries()) {
      const placed = rows.filter((r) => r.branch !== null)
      expect(new Set(placed.map((r) => `${r.branch} ${r.shelf}`)).size).toBe(placed.length)
      for (const branch of branches.slice(0, 2)) expect(placed.filter((r) => String(r.branch) === branch).length).toBeLessThanOrEqual(MOST)
      expect(await keysOf(copies[i]!)).toEqual(rows.map((r) => (r.branch === null ? 0 : 1)))
    }
    for (let n = 0; n < COPIES; n++) {
      const [left, right] = await Promise.all([0, 1].map(async (of) => (await trailOf(lib.house.core.engine, lib.def('copy'), copies[of]![n]!)).map((e) => [e.kind, e.outcome, e.changes])))
      expect(left).toEqual(right)
    }
  })
  it('frees the key of a place that is given up for the next one', async () => {
    const [first, second] = [copies[0][0]!, copies[0][1]!]
    await save('copy', copies[0].map((id) => ({ id, data: { branch: null } })))
    const at = { branch: lib.id('organisation.west'), shelf: 9 }
    expect(messages((await save('copy', [{ id: first, data: at }]))[0]!)).toEqual([])
    expect(messages((await save('copy', [{ id: second, data: at }]))[0]!)).toEqual(['架位已有复本'])
    await save('copy', [{ id: first, data: { shelf: 8 } }])
    expect(messages((await save('copy', [{ id: second, data: at }]))[0]!)).toEqual([])
    expect((await keysOf([first, second]))).toEqual([1, 1])
  })
  it('refuses what is no value of the field, what does not exist and what must not be empty', async () => {
    const [id] = copies[0]
    const saved = async (data: RecordData) => { const [d] = await save('copy', [{ id: id!, data }]); expect(d!.partial).toBe(true); return messages(d!) }
    expect(await saved({ shelf: 1.5 })).toEqual(['架位：应为整数'])
    expect(await saved({ branch: '123' })).toEqual(['分馆：所选记录不存在或已删除，请重新选择'])
    expect(await saved({ book: null })).toEqual(['图书：必填'])
  })
  it('opens the whole record where more may follow from what changes', async () => {
    const [d] = await save('book', [{ id: books[0], data: { price: 2 } }])
    const loan = await lib.create('east.a', 'loan', { book: lib.id('book.atlas'), member: lib.id('member.anna') })
    const [l] = await save('loan', [{ id: loan.id, data: { days: 9 } }])
    expect(messages(l!)).toEqual([])
    expect([d!.problems, l!.partial]).toEqual([[], undefined])
    // 9 * 0.10 + 0.20
    expect(await lib.read('loan', loan.id, 'fee')).toBe(1.1)
  })
})
