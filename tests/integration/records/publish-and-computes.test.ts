import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse } from '#server/house.ts'
import { silentLog } from '#server/platform/log.ts'
import { seededRandom } from '#server/platform/random.ts'
import { loadDefinitions } from '#server/runtime/definitions/index.ts'
import { factsFor, feelToJson, rowScope, saveSet, Select } from '#server/runtime/records/index.ts'
import { install } from '#server/runtime/release/index.ts'
import { openLibrary, type Library } from '../../support/library/open-library.ts'

let lib: Library
beforeAll(async () => { lib = await openLibrary() })
afterAll(() => lib.close())

describe('computes at read', () => {
  it('are the same in SQL and in the closure for any data', async () => {
    const { engine, registry } = lib.house.core
    const system = lib.house.core.system('town')
    const random = seededRandom(42)
    const kinds = ['NOVEL', 'ATLAS', undefined]
    const books = await saveSet(engine, system, lib.def('book'), Array.from({ length: 80 }, (_, i) => ({ data: {
      name: `随机${i}`, branch: lib.id('organisation.east'), lendable: true, ...(kinds[random.int(0, 3)] ? { kind: kinds[random.int(0, 2)] } : {}), ...(random.int(0, 4) ? { price: random.int(0, 100_000) / 100 } : {}) } })), { via: { kind: 'effect' } })
    expect(books.flatMap((b) => b.problems)).toEqual([])
    const members = [lib.id('member.anna'), lib.id('member.ben'), lib.id('member.willi')]
    const day = (n: number) => new Date(lib.clock.now() + n * 3_600_000).toISOString()
    const loans = await saveSet(engine, system, lib.def('loan'), books.flatMap((b) => members.filter(() => random.int(0, 2) === 1).map((member) => ({ data: { book: b.id, member, start: day(-50), end: day(random.int(-3, 4)), ...(random.int(0, 3) === 0 ? { returnedAt: day(-1) } : {}) } }))), { via: { kind: 'seed' } })
    expect(loans.flatMap((l) => l.problems)).toEqual([])

    const agree = async (entity: string, path: string, ids: string[], scale: number): Promise<unknown[]> => {
      const loader = factsFor(engine, system)
      const where = lib.house.db.idsIn('t.id', ids)
      const rows = await new Select(lib.def(entity), loader, loader.scope({})).columnSql('id', 't.id').column('v', path, rowScope(lib.def(entity))).whereSql(where.sql, where.params).all<{ id: number; v: number | null }>()
      const expression = registry.expression('town', path, rowScope(lib.def(entity)))
      const closure = await loader.settleAll(rows, (r) => feelToJson(expression.evaluate(loader.scope({ record: { $: 'row', entity: lib.def(entity).id, id: String(r.id) } }))))
      const sql = rows.map((r) => (r.v === null ? null : typeof closure[0] === 'boolean' || path === 'late' ? Number(r.v) === 1 : Number(r.v) / 10 ** scale))
      expect(sql).toEqual(closure.map((v) => (typeof v === 'string' ? Number(v) : v)))
      return sql
    }
    expect(new Set(await agree('book', 'lent', books.map((b) => b.id), 0)).size).toBeGreaterThan(2)
    const scale = factsFor(engine, system)
    const fragment = new Select(lib.def('book'), scale, scale.scope({})).fragment('value', rowScope(lib.def('book'))) as { scale?: number }
    expect((await agree('book', 'value', books.map((b) => b.id), fragment.scale ?? 0)).some((v) => v !== null)).toBe(true)
    expect(new Set(await agree('loan', 'late', loans.map((l) => l.id), 0))).toEqual(new Set([true, false]))
  })
})

describe('a second publish', () => {
  it('adds the column of a new property and leaves every row as it was', async () => {
    const file = join(lib.root, 'forms/library/book/schema.json')
    const schema = JSON.parse(await readFile(file, 'utf8')) as { properties: Record<string, object> }
    schema.properties['shelfMark'] = { type: 'string', title: '索书号', maxLength: 300, 'x-column': true }
    schema.properties['before'] = { type: 'integer', title: '此前', 'x-column': true }
    await writeFile(file, JSON.stringify(schema))
    const { definitions, findings } = await loadDefinitions({ roots: [lib.root] })
    expect(findings).toEqual([])
    const before = await lib.house.db.all(`SELECT id, name, price, data FROM ${lib.def('book').table} ORDER BY id`)

    const house = await openHouse({ databaseUrl: lib.database.url, varDir: lib.database.dir, secrets: lib.secrets, clock: lib.clock, log: silentLog(), definitions, zone: 'Asia/Shanghai', owner: 'second', random: seededRandom(9) })
    try {
      const installed = await install(house.core.processes, definitions, (p) => house.core.system(p), ['town'])
      expect(installed.reports.map((r) => ({ created: r.created, problems: r.problems }))).toEqual([{ created: 0, problems: [] }])
      expect(await house.db.all(`SELECT id, name, price, data FROM ${lib.def('book').table} ORDER BY id`)).toEqual(before)
      const def = house.core.registry.entity('town', 'book')
      const [d] = await saveSet(house.core.engine, house.core.system('town'), def, [{ id: lib.id('book.atlas'), data: { shelfMark: 'A 1 ', before: 3 } }], { via: { kind: 'effect' } })
      expect(d!.problems).toEqual([])
      expect(await house.db.one(`SELECT shelf_mark, before_ FROM ${def.table} WHERE shelf_mark = ?`, ['A 1 '])).toEqual({ shelf_mark: 'A 1 ', before_: 3 })
      // texts compare without padding on every database
      expect(await house.db.one(`SELECT id FROM ${def.table} WHERE shelf_mark = ?`, ['A 1'])).toBeUndefined()
    } finally { await house.close() }
  })
})
