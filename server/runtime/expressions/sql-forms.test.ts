import { describe, expect, it } from 'vitest'
import { bindParams, compile, sqlCondition } from './index.ts'
import type { CompileOptions, Scope, SqlScalar, SqlTarget } from './index.ts'
import { modelOf, rowRef } from '#tests/support/expressions/memory-facts.ts'

const ref = (entity: string) => ({ kind: 'entity', entity }) as const
const list = (entity: string) => ({ kind: 'list', of: ref(entity) }) as const
const model = modelOf([
  { name: 'school', table: 'school', properties: { province: { type: { kind: 'string' }, column: 'province' } } },
  { name: 'site', table: 'site', properties: {
    school: { type: ref('school'), column: 'school_id' }, status: { type: { kind: 'string' }, column: 'status' }, enabled: { type: { kind: 'boolean' }, column: 'enabled' }, score: { type: { kind: 'number', scale: 2 }, column: 'score' },
    idNo: { type: { kind: 'string' }, blind: 'id_no_blind' }, majors: { type: list('school'), linkTable: 'site_majors' }, note: { type: { kind: 'string' } }, 'window.end': { type: { kind: 'date-time' }, column: 'window_end' }, allocations: { type: list('allocation'), inverse: { entity: 'allocation', path: 'site' } } } },
  { name: 'allocation', table: 'allocation', keys: [['plan', 'guest']], properties: { site: { type: ref('site'), column: 'site_id' }, guest: { type: ref('school'), column: 'guest_id' }, plan: { type: { kind: 'string' }, column: 'plan' } } },
], { ready: { args: ['s'], expr: 'args.s.status = "APPROVED" and args.s.enabled' } })
const base: CompileOptions = { model, names: { item: ref('site'), user: { kind: 'context', fields: { org: ref('school'), sites: list('site'), idNo: { kind: 'string' } } }, record: { kind: 'context', fields: { plan: { kind: 'string' } } } } }

const written = (text: string, more: Partial<SqlTarget> = {}): { sql: string; params: SqlScalar[]; joins: string[] } => {
  const joins: string[] = []
  let n = 0
  const target: SqlTarget = { dialect: 'sqlite', rows: { item: { entity: 'site', alias: 's' } }, alias: () => `t${++n}`, blind: (entity, path, value) => `blind(${entity}.${path}:${value})`, now: 0, zone: 'Asia/Shanghai', join: (from, column) => { joins.push(`${from}.${column}`); return `j_${column}` }, ...more }
  const scope: Scope = { names: { user: { org: rowRef('school', '7'), sites: [rowRef('site', '1'), rowRef('site', '2')], idNo: '110101200001011234' }, record: { plan: 'p1' } }, now: 0, zone: 'Asia/Shanghai' }
  const found = sqlCondition(compile(text, base), target, scope)
  return { sql: found.sql, params: bindParams(found.params, scope), joins }
}

describe('the WHERE form', () => {
  it('leaves columns bare, so that their index applies', () => {
    expect(written('item.status = "APPROVED" and item.enabled and item.score >= 59.995')).toEqual({ sql: '(("s"."status" = ? AND "s"."enabled" = 1) AND "s"."score" >= ?)', params: ['APPROVED', 6000], joins: [] })
    expect(written('starts with(item.status, "APP")').params.slice(0, 2)).toEqual(['APP', 'APQ'])
  })
  it('treats null as a value where FEEL does', () => {
    expect(written('item.status != "A"').sql).toBe('"s"."status" IS NOT ?')
    expect(written('item.status != "A"', { dialect: 'mysql' }).sql).toBe('NOT (`s`.`status` <=> ?)')
    expect(written('item.school = user.org')).toEqual({ sql: '"s"."school_id" IS ?', params: [7], joins: [] })
    expect(written('item.school = null').sql).toBe('"s"."school_id" IS NULL')
  })
  it('joins a reference only when something of the referred record is read', () => {
    expect(written('item.school.id = user.org').joins).toEqual([])
    expect(written('item.school.province = "44"')).toEqual({ sql: '"j_school_id"."province" = ?', params: ['44'], joins: ['s.school_id'] })
  })
  it('binds lists and parameters, never writes them', () => {
    expect(written('item in user.sites')).toEqual({ sql: '"s"."id" IN (?, ?)', params: [1, 2], joins: [] })
    expect(written('list contains(["A", "B\' OR 1=1"], item.status)').params).toEqual(['A', "B' OR 1=1"])
  })
  it('asks other entities by EXISTS, within what is visible', () => {
    const visible = (_entity: string, alias: string) => ({ sql: `${alias}.program = ?`, params: [{ value: 'itmc' }] })
    expect(written('some a in rows("allocation") satisfies a.plan = record.plan and a.guest = user.org and a.site = item.id', { visible })).toEqual({
      sql: 'EXISTS (SELECT 1 FROM "allocation" "t1" WHERE (t1.program = ? AND ((("t1"."plan" IS ? AND "t1"."guest_id" IS ?) AND "t1"."site_id" = "s"."id")) IS TRUE))',
      params: ['itmc', 'p1', 7], joins: [] })
    expect(written('count(item.allocations[item.plan = "x"]) = 0').sql).toBe('NOT EXISTS (SELECT 1 FROM "allocation" "t1" WHERE ("t1"."site_id" = "s"."id" AND "t1"."plan" = ?))')
    expect(written('list contains(item.majors, user.org)').sql).toBe('EXISTS (SELECT 1 FROM "site_majors" "t1" WHERE ("t1"."owner_id" = "s"."id" AND "t1"."target_id" IS ?))')
  })
  it('puts rules in place', () => {
    expect(written('rules.ready(item)').sql).toBe('("s"."status" = ? AND "s"."enabled" = 1)')
  })
  it('asks an encrypted number by its blind index', () => {
    expect(written('item.idNo = user.idNo')).toEqual({ sql: '"s"."id_no_blind" IS ?', params: ['blind(site.idNo:110101200001011234)'], joins: [] })
    expect(compile('item.idNo > "1"', base).notSqlable?.message).toMatch(/`item.idNo`.*encrypted/)
  })
  it('takes the first row only where a key says, or the caller knows, that it is the only one', () => {
    const text = 'rows("allocation")[item.plan = record.plan][1].guest = item.school'
    expect(compile(text, base).notSqlable?.message).toMatch(/the first row is only defined/)
    expect(() => written(text)).toThrow('x-unique')
    expect(written(text, { allowFirst: true }).sql).toContain('ORDER BY "t1"."id" LIMIT 1')

    const keyed = 'rows("allocation")[item.plan = record.plan and item.guest = user.org][1].plan = "x"'
    expect(compile(keyed, base).notSqlable).toBeNull()
    expect(written(keyed).sql).toContain('ORDER BY "t1"."id" LIMIT 1')
    expect(written('rows("allocation")[item.id = record.plan][1].plan = "x"').sql).toContain('LIMIT 1')
  })
  it('never reads a text as an id', () => {
    const scope: Scope = { names: { user: { org: '12abc' } }, now: 0, zone: 'UTC' }
    const found = sqlCondition(compile('item.school = user.org', base), { dialect: 'mysql', rows: { item: { entity: 'site', alias: 's' } }, alias: () => 't', blind: () => '', now: 0, zone: 'UTC', join: () => 'j' }, scope)
    expect(bindParams(found.params, scope)).toEqual([-1])
  })
  it('refuses properties that are no columns', () => {
    expect(compile('item.note = "x"', base).notSqlable?.message).toMatch(/`item.note`.*no column/)
    expect(compile('item.window.end > now', base).notSqlable).toBeNull()
  })
})

describe('a measure of a report', () => {
  const options: CompileOptions = { model, names: { item: ref('site') }, measure: true }
  const sqlOf = (text: string): string => compile(text, options).toSql({ dialect: 'sqlite', rows: { item: { entity: 'site', alias: 's' } }, alias: () => 't', blind: () => '', now: 0, zone: 'UTC', join: () => 'j' }, { names: {}, now: 0, zone: 'UTC' }).sql
  it('aggregates the rows of the query', () => {
    expect(sqlOf('count()')).toBe('COUNT(*)')
    expect(sqlOf('count(item.status = "A")')).toBe('COUNT(CASE WHEN "s"."status" = ? THEN 1 END)')
    expect(sqlOf('count(item.score)')).toBe('COUNT(CASE WHEN "s"."score" IS NOT NULL THEN 1 END)')
    expect(sqlOf('sum(item.score)')).toBe('COALESCE(SUM("s"."score"), 0)')
    expect(sqlOf('count(distinct values(item.status))')).toBe('COUNT(DISTINCT "s"."status") + COALESCE(MAX("s"."status" IS NULL), 0)')
  })
  it('is the same over a list of rows', () => {
    const data: Record<string, { score: number | null; enabled: boolean }> = { 1: { score: 1.5, enabled: true }, 2: { score: null, enabled: true }, 3: { score: 2, enabled: false } }
    const facts = { property: (row: { id: string }, name: string) => (name === 'score' ? (data[row.id]!.score === null ? null : compile(String(data[row.id]!.score), options).evaluate({ names: {}, now: 0, zone: 'UTC' })) : data[row.id]!.enabled), rows: () => [] }
    const ask = (text: string): unknown => String(compile(text, options).evaluate({ names: { group: ['1', '2', '3'].map((id) => rowRef('site', id)) }, now: 0, zone: 'UTC', facts }))
    expect([ask('count()'), ask('count(item.enabled)'), ask('count(item.score)'), ask('sum(item.score)')]).toEqual(['3', '2', '2', '3.5'])
  })
})
