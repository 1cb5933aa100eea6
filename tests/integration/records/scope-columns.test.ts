import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entitiesOf, type EntityDef, type ScopeColumn } from '#server/runtime/definitions/index.ts'
import { factsFor, saveSet, selectVisible, tableOf } from '#server/runtime/records/index.ts'
import { publish } from '#server/runtime/release/index.ts'
import { testHouse, type TestHouse } from '../support/house.ts'

let t: TestHouse
beforeAll(async () => { t = await testHouse() })
afterAll(() => t.close())
const engine = () => t.house.core.engine
const system = () => t.house.core.system(t.programme)
const kept = (): { def: EntityDef; column: ScopeColumn }[] =>
  entitiesOf(t.house.core.registry.programme(t.programme)).flatMap((def) => Object.values(def.scopeColumns ?? {}).map((column) => ({ def, column })))

/** Rows whose kept end is another one than their references lead to, and how many lead somewhere, by table. */
async function looked(): Promise<{ wrong: string[]; filled: number }> {
  const wrong: string[] = []
  let filled = 0
  for (const { def, column } of kept()) {
    const [first, ...rest] = column.hops
    const led = rest.reduce((from, hop) => `(SELECT h.${hop.column} FROM ${hop.table} h WHERE h.id = ${from})`, `t.${first!.column}`)
    const rows = await t.house.db.all<{ id: number; kept: number | null; led: number | null }>(`SELECT t.id, t.${column.column} AS kept, ${led} AS led FROM ${def.table} t`)
    wrong.push(...rows.filter((r) => r.kept !== r.led).map((r) => `${def.table}.${column.column} ${r.id}`))
    filled += rows.filter((r) => r.led !== null).length
  }
  return { wrong, filled }
}
async function seen(user: string, entity: string): Promise<string[]> {
  const call = await t.as(user)
  const rows = await selectVisible(call, factsFor(engine(), call), t.def(entity))!.columnSql('id', 't.id').all<{ id: number }>()
  return rows.map((r) => String(r.id)).sort()
}
const id = (name: string): string => { const found = t.names.get(name); if (!found) throw new Error(`nothing is called ${name}`); return found }
const save = async (entity: string, record: string, data: Record<string, unknown>): Promise<void> => {
  const saved = await saveSet(engine(), system(), t.def(entity), [{ id: record, data }], { via: { kind: 'effect' } })
  expect(saved.flatMap((s) => s.problems)).toEqual([])
}

describe('where scope paths end is kept in each row', () => {
  it('for everything that a demo set brings', async () => {
    const { wrong, filled } = await looked()
    expect(wrong).toEqual([])
    expect(filled).toBeGreaterThan(20)
  })
  it('and follows a referred record that changes: who may see what follows with it', async () => {
    const school = id('organisation.beike')
    const before = await seen('province.bj', 'pilot-application')
    const own = await seen('school.beike', 'pilot-application')
    expect(own.length).toBeGreaterThan(0)
    expect(before.filter((r) => own.includes(r)).length).toBeGreaterThan(0)
    const [elsewhere] = await saveSet(engine(), system(), t.def('organisation'), [{ data: { name: '外省教育厅', code: '99', kind: 'PROVINCE', contactName: '周莉', contactPhone: '13800138000', contactEmail: 'zhou@example.cn' } }], { via: { kind: 'effect' } })
    expect(elsewhere!.problems).toEqual([])

    await save('organisation', school, { province: elsewhere!.id })

    expect((await seen('province.bj', 'pilot-application')).filter((r) => own.includes(r))).toEqual([])
    expect(await seen('school.beike', 'pilot-application')).toEqual(own)
    expect((await looked()).wrong).toEqual([])
    await save('organisation', school, { province: id('organisation.bj') })
    expect(await seen('province.bj', 'pilot-application')).toEqual(before)
  })
  it('and is filled by the next publish in a database that has not had it', async () => {
    const { db } = t.house
    for (const { def, column } of kept()) {
      for (const ix of tableOf([def]).indexes.filter((i) => i.columns.includes(column.column))) await db.run(db.dialect.name === 'mysql' ? `DROP INDEX ${ix.name} ON ${def.table}` : `DROP INDEX IF EXISTS ${ix.name}`).catch((e: Error) => { if (!/check that column|exists/i.test(e.message + String(e.cause))) throw e })
      await db.run(`UPDATE ${def.table} SET ${column.column} = NULL`)
    }
    expect((await looked()).wrong.length).toBeGreaterThan(20)
    const done = await publish(engine(), t.house.options.definitions, system().now)
    expect(done.some((sql) => sql.startsWith('CREATE INDEX'))).toBe(true)
    expect((await looked()).wrong).toEqual([])
    expect(await publish(engine(), t.house.options.definitions, system().now)).toEqual([])
  })
})
