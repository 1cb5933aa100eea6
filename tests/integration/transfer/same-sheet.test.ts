import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ColumnDef, Dict, EntityDef, ExportDef } from '#server/runtime/definitions/index.ts'
import type { Call } from '#server/runtime/context.ts'
import { factsFor, rowScope, selectVisible, walk } from '#server/runtime/records/index.ts'
import { importRowsNow } from '#server/runtime/transfer/index.ts'
import { exportColumns, rulesOnce } from '#server/runtime/transfer/export/columns.ts'
import { exportSheet } from '#server/runtime/transfer/export/rows.ts'
import { testHouse, type TestHouse } from '../support/house.ts'

let t: TestHouse
beforeAll(async () => {
  t = await testHouse()
  const school = await t.as('school.beike')
  const idNo = (await inSets(school, t.def('candidate'), specOf({ idNo: { path: 'idNo', mask: 'none' } }), [t.names.get('candidate.wang')!]))[0]![0]
  const made = await importRowsNow(t.house, school, t.def('registration'), 'byCertificate', { plan: t.names.get('exam-plan.plan2026') },
    [{ 考生姓名: '王小八', 证件号码: String(idNo), 考生类型: '院校考生', 证书编号: '1630054223020943', 报考证书: '数字营销技术应用', 证书等级: '中级', 考核站点编号: '110000007' }])
  expect(made).toMatchObject({ ok: 1, failed: 0 })
})
afterAll(() => t.close())

const specOf = (columns: Dict<ColumnDef>): ExportDef => ({ title: { zh: '表' }, list: '', columns })
async function idsOf(call: Call, def: EntityDef): Promise<string[]> {
  const select = selectVisible(call, factsFor(t.house.core.engine, call), def)
  return select ? (await select.columnSql('id', 't.id').orderSql('t.id ASC').all<{ id: number | string }>()).map((r) => String(r.id)) : []
}
/** Each value evaluated for its row alone, as the language says. */
async function oneByOne(call: Call, def: EntityDef, spec: ExportDef, ids: string[]): Promise<unknown[][]> {
  const loader = factsFor(t.house.core.engine, call)
  const columns = exportColumns(call, loader, def, spec)
  const rules = rulesOnce(call, loader)
  return loader.settleAll(ids, (id) => columns.map((c) => c.value({ $: 'row', entity: def.id, id }, rules)))
}
async function inSets(call: Call, def: EntityDef, spec: ExportDef, ids: string[]): Promise<unknown[][]> {
  const rows: unknown[][] = []
  for await (const batch of exportSheet(t.house.core.engine, call, def, spec, ids).batches()) rows.push(...batch)
  return rows
}
/** Empty is empty, and a number is not its text. */
const seen = (columns: string[], rows: unknown[][]): Dict<string>[] => rows.map((r) => Object.fromEntries(r.flatMap((v, i) => (v === null || v === undefined || v === '' ? [] : [[columns[i], `${typeof v}:${String(v)}`]]))))

/** Everything an entity's rows have, those they refer to and those of these, in the looks a column may ask for. */
function everyColumn(call: Call, def: EntityDef): Dict<ColumnDef> {
  const { registry, programme } = factsFor(t.house.core.engine, call).context
  const SYSTEM = ['id', 'org', 'org.name', 'createdBy', 'createdBy.name', 'createdAt', 'updatedAt', 'status', 'rev', 'program']
  const paths = (of: EntityDef, depth: number): string[] => [
    ...[...walk(of.properties)].flatMap((p) => [p.path, ...(p.ref && depth > 0 ? paths(registry.entity(programme.id, p.ref.entity), depth - 1).map((rest) => `${p.path}.${rest}`) : [])]),
    ...SYSTEM, ...Object.keys(of.inverses).flatMap((name) => [name, `${name}.id`]),
  ]
  const columns: Dict<ColumnDef> = {}
  for (const path of paths(def, 1)) {
    try { registry.expression(programme.id, path, rowScope(def)) } catch { continue }
    columns[path] = { path }
    columns[`${path} starred`] = { path, mask: '1:*:1' }
    if (path.includes('.')) continue
    columns[`${path} whole`] = { path, mask: 'none' }
    columns[`${path} as money`] = { path, format: 'money' }
    columns[`${path} as day`] = { path, format: 'date' }
  }
  return columns
}

describe('a sheet written in sets says what its columns say for each row alone', () => {
  it.each(['platform.admin', 'province.bj', 'city.haidian', 'eval.itmc', 'school.beike', 'school.other'])('to %s, for every export there is', async (user) => {
    const call = await t.as(user)
    let rows = 0
    for (const def of Object.values(call.programme.entities)) {
      for (const spec of Object.values(def.form.exports)) {
        if (Object.values(spec.columns).some((c) => c.path?.includes('[]'))) continue
        const { rowNumber: _, ...bare } = spec
        const ids = await idsOf(call, def)
        rows += ids.length
        const columns = Object.keys(bare.columns)
        expect(seen(columns, await inSets(call, def, bare, ids)), `${def.id} ${columns.join()}`).toEqual(seen(columns, await oneByOne(call, def, bare, ids)))
      }
    }
    expect(rows).toBeGreaterThan(0)
  })

  it.each(['school.beike', 'eval.itmc'])('to %s, for every path of every entity in every look', async (user) => {
    const call = await t.as(user)
    let values = 0
    for (const def of Object.values(call.programme.entities)) {
      const ids = (await idsOf(call, def)).slice(0, 4)
      if (ids.length === 0) continue
      const columns = everyColumn(call, def)
      const names = Object.keys(columns)
      const sets = seen(names, await inSets(call, def, specOf(columns), ids))
      expect(sets, def.id).toEqual(seen(names, await oneByOne(call, def, specOf(columns), ids)))
      values += sets.reduce((sum, row) => sum + Object.keys(row).length, 0)
    }
    expect(values).toBeGreaterThan(1000)
  })

  it.each(['platform.admin', 'school.beike', 'eval.itmc'])('to %s, for everything that is computed when it is read', async (user) => {
    const call = await t.as(user)
    let values = 0
    for (const def of Object.values(call.programme.entities)) {
      const ids = await idsOf(call, def)
      for (const p of ids.length ? Object.values(def.properties) : []) {
        if (p.compute?.at !== 'read') continue
        const columns = { id: { path: 'id' }, value: { path: p.path }, starred: { path: p.path, mask: '0:*:0' } }
        const sets = seen(Object.keys(columns), await inSets(call, def, specOf(columns), ids))
        expect(sets, `${def.id}.${p.path}`).toEqual(seen(Object.keys(columns), await oneByOne(call, def, specOf(columns), ids)))
        values += sets.filter((row) => row['value'] !== undefined).length
      }
    }
    expect(values).toBeGreaterThan(20)
  })

  it('with slots, members one after the other, expressions, and what the query computes or closures have to', async () => {
    const call = await t.as('school.beike')
    const cases: Dict<Dict<ColumnDef>> = {
      'plan-subject': { slot: { group: [{ path: 'startsAt' }, { path: 'endsAt' }] }, pair: { group: [{ path: 'subject.name' }, { path: 'subject.mode' }] }, one: { group: [{ path: 'startsAt' }, { path: 'rooms' }] } },
      registration: { at: { group: [{ path: 'planSubject.startsAt' }, { path: 'planSubject.endsAt' }] }, who: { expr: 'entry.candidate.name + "/" + plan.name' }, full: { path: 'entry.certificate.fullName' }, entry: { path: 'entry' } },
      candidate: { entries: { path: 'entriesCount' }, starred: { path: 'entriesCount', mask: '0:*:0' }, school: { path: 'school', mask: '1:*:1' } },
    }
    for (const [entity, columns] of Object.entries(cases)) {
      const def = t.def(entity)
      const ids = await idsOf(call, def)
      const spec = specOf(columns)
      const names = Object.keys(columns)
      const sets = seen(names, await inSets(call, def, spec, ids))
      expect(sets).toEqual(seen(names, await oneByOne(call, def, spec, ids)))
      expect(sets.length).toBeGreaterThan(0)
    }
  })
})
