import { describe, expect, it } from 'vitest'
import { compile, fromFeel } from './index.ts'
import type { FeelType, ModelEntity, ModelProperty } from './index.ts'
import { MemoryFacts, modelOf, rowRef } from '#tests/support/expressions/memory-facts.ts'
import type { Tables } from '#tests/support/expressions/memory-facts.ts'

const t = (kind: 'string' | 'boolean' | 'date' | 'date-time'): FeelType => ({ kind })
const col = (type: FeelType, column: string): ModelProperty => ({ type, column })
const ref = (entity: string, column: string): ModelProperty => ({ type: { kind: 'entity', entity }, column })
const back = (entity: string, path: string): ModelProperty => ({ type: { kind: 'list', of: { kind: 'entity', entity } }, inverse: { entity, path } })
const num = (column: string, scale = 0): ModelProperty => ({ type: { kind: 'number', scale }, column })
const read = (type: FeelType, compute: string): ModelProperty => ({ type, compute })

const STATUS = 'if exempt then "NOT_REQUIRED" else if room = null then "UNARRANGED" else if now < planSubject.startsAt then "WAITING" else if now < endsAt then "EXAMINING" else "ENDED"'
const SCORE_STATE = 'if now < planSubject.startsAt then "NOT_STARTED" else if now < endsAt then "EXAMINING" else if now >= plan.publicity.end and scored then "LOCKED" else if scored then "REGISTERED" else "UNREGISTERED"'
const RESULT = 'if count(registrations[item.scored or item.exempt]) = 0 then "UNREGISTERED" else if count(registrations[item.scored = false and item.exempt = false]) > 0 then "REGISTERING" else if rules.pass(registrations) then "PASSED" else "FAILED"'

const entities: ModelEntity[] = [
  { name: 'vslc/exam-plan', table: 'exam_plan', properties: {
    year: num('year'), publicity: { type: { kind: 'context', fields: { start: t('date-time'), end: t('date-time') } } }, 'publicity.end': col(t('date-time'), 'publicity_end'),
    schools: { type: { kind: 'list', of: { kind: 'entity', entity: 'organisation' } }, linkTable: 'exam_plan_schools' }, phase: col(t('string'), 'phase'), entries: back('vslc/entry', 'plan') } },
  { name: 'core/organisation', table: 'organisation', properties: { name: col(t('string'), 'name') } },
  { name: 'vslc/subject', table: 'subject', properties: { certificate: col(t('string'), 'certificate'), kind: col(t('string'), 'kind'), passScore: num('pass_score', 2) } },
  { name: 'vslc/plan-subject', table: 'plan_subject', properties: { plan: ref('vslc/exam-plan', 'plan'), subject: ref('vslc/subject', 'subject'), kind: col(t('string'), 'kind'), startsAt: col(t('date-time'), 'starts_at'), endsAt: col(t('date-time'), 'ends_at') } },
  { name: 'vslc/room', table: 'room', properties: { name: col(t('string'), 'name') } },
  { name: 'vslc/extension', table: 'extension', properties: { registration: ref('vslc/registration', 'registration'), room: ref('vslc/room', 'room'), site: col(t('string'), 'site'), minutes: num('minutes'), approved: col(t('boolean'), 'approved') } },
  { name: 'vslc/entry', table: 'entry', properties: { plan: ref('vslc/exam-plan', 'plan'), site: col(t('string'), 'site'), registrations: back('vslc/registration', 'entry'), result: read(t('string'), RESULT) } },
  { name: 'vslc/registration', table: 'registration', properties: {
    entry: ref('vslc/entry', 'entry'), planSubject: ref('vslc/plan-subject', 'plan_subject'), plan: ref('vslc/exam-plan', 'plan'), room: ref('vslc/room', 'room'),
    exempt: col(t('boolean'), 'exempt'), scored: col(t('boolean'), 'scored'), paid: col(t('boolean'), 'paid'), score: num('score', 2),
    extraMinutes: read({ kind: 'number', scale: 0 }, 'sum(rows("extension")[item.approved and (item.registration = record.id or item.room = record.room.id or item.site = record.entry.site)].minutes)'),
    endsAt: read(t('date-time'), 'planSubject.endsAt + minutes(extraMinutes)'), status: read(t('string'), STATUS), scoreState: read(t('string'), SCORE_STATE) } },
]
const model = modelOf(entities, {
  pass: { args: ['rows'], expr: 'sum(args.rows[item.planSubject.kind = "THEORY"].score) * 0.3 + sum(args.rows[item.planSubject.kind = "PRACTICE"].score) * 0.7 >= 60' },
  passEach: { args: ['rows'], expr: 'every r in args.rows satisfies r.score >= r.planSubject.subject.passScore' },
})

/** 2026-05-20 09:00–11:00 in China; publicity ends 2026-06-08. */
const at = (text: string): number => Date.parse(text)
const tables = (registration: Record<string, unknown> = {}, second: Record<string, unknown> = {}, extensions: Record<string, unknown>[] = []): Tables => ({
  'vslc/exam-plan': [{ id: 1, year: 2026, publicity: { start: '2026-06-01T00:00:00+08:00', end: '2026-06-08T00:00:00+08:00' } }],
  'vslc/subject': [{ id: 1, passScore: 60 }, { id: 2, passScore: 45.5 }],
  'vslc/plan-subject': [
    { id: 1, plan: 1, subject: 1, kind: 'THEORY', startsAt: '2026-05-20T09:00:00+08:00', endsAt: '2026-05-20T11:00:00+08:00' },
    { id: 2, plan: 1, subject: 2, kind: 'PRACTICE', startsAt: '2026-05-20T14:00:00+08:00', endsAt: '2026-05-20T16:00:00+08:00' }],
  'vslc/room': [{ id: 7, name: '第一考场' }],
  'vslc/entry': [{ id: 1, plan: 1, site: 'S1' }],
  'vslc/registration': [
    { id: 11, entry: 1, planSubject: 1, plan: 1, room: null, exempt: false, scored: false, paid: false, score: null, ...registration },
    { id: 12, entry: 1, planSubject: 2, plan: 1, room: null, exempt: false, scored: false, paid: false, score: null, ...second }],
  'vslc/extension': extensions,
})
const ask = (entity: string, id: number, property: string, now: string, data: Tables): unknown => {
  const scope = { names: {}, now: at(now), zone: 'Asia/Shanghai', facts: undefined as unknown as MemoryFacts }
  scope.facts = new MemoryFacts(model, data, () => scope)
  return fromFeel(scope.facts.property(rowRef(entity, id), property))
}
const status = (now: string, data: Tables): unknown => ask('vslc/registration', 11, 'status', now, data)
const seated = { room: 7 }

describe('the status of a registration', () => {
  it.each([
    ['2026-05-12T09:00:00+08:00', {}, 'UNARRANGED'],
    ['2026-05-12T09:00:00+08:00', { exempt: true }, 'NOT_REQUIRED'],
    ['2026-05-20T08:59:59+08:00', seated, 'WAITING'],
    ['2026-05-20T09:00:00+08:00', seated, 'EXAMINING'],
    ['2026-05-20T10:59:59+08:00', seated, 'EXAMINING'],
    ['2026-05-20T11:00:00+08:00', seated, 'ENDED'],
  ])('at %s with %j is %s', (now, row, expected) => {
    expect(status(now, tables(row))).toBe(expected)
  })

  it('follows an approved extension of the registration, its room or its site, and no other', () => {
    const extended = (extension: Record<string, unknown>): unknown =>
      status('2026-05-20T11:05:00+08:00', tables(seated, {}, [{ id: 1, minutes: 10, approved: true, registration: null, room: null, site: null, ...extension }]))
    expect(extended({ registration: 11 })).toBe('EXAMINING')
    expect(extended({ room: 7 })).toBe('EXAMINING')
    expect(extended({ site: 'S1' })).toBe('EXAMINING')
    expect(extended({ registration: 12 })).toBe('ENDED')
    expect(extended({ registration: 11, approved: false })).toBe('ENDED')
  })

  it('of the score goes from not started to locked', () => {
    const scored = tables({ ...seated, scored: true, score: 60 })
    const state = (now: string, data: Tables): unknown => ask('vslc/registration', 11, 'scoreState', now, data)
    expect(state('2026-05-20T08:00:00+08:00', tables())).toBe('NOT_STARTED')
    expect(state('2026-05-20T10:00:00+08:00', tables())).toBe('EXAMINING')
    expect(state('2026-05-21T10:00:00+08:00', tables())).toBe('UNREGISTERED')
    expect(state('2026-05-21T10:00:00+08:00', scored)).toBe('REGISTERED')
    expect(state('2026-06-08T00:00:00+08:00', scored)).toBe('LOCKED')
  })
})

describe('the result of an entry', () => {
  const result = (data: Tables): unknown => ask('vslc/entry', 1, 'result', '2026-06-01T00:00:00+08:00', data)
  it('waits for every subject, then passes at exactly 60', () => {
    expect(result(tables())).toBe('UNREGISTERED')
    expect(result(tables({ scored: true, score: 11 }))).toBe('REGISTERING')
    expect(result(tables({ scored: true, score: 11 }, { scored: true, score: 81 }))).toBe('PASSED')
    expect(result(tables({ scored: true, score: 11 }, { scored: true, score: 80.99 }))).toBe('FAILED')
  })

  it('counts an exempt subject without a score as nothing', () => {
    expect(result(tables({ exempt: true }, { scored: true, score: 100 }))).toBe('PASSED')
  })

  it('can be asked of every subject by itself', () => {
    const expression = compile('rules.passEach(registrations)', { model, names: {}, self: 'vslc/entry' })
    const pass = (first: number | null, second: number | null): unknown => {
      const scope = { names: { record: rowRef('vslc/entry', 1) }, now: 0, zone: 'Asia/Shanghai', facts: undefined as unknown as MemoryFacts }
      scope.facts = new MemoryFacts(model, tables({ score: first }, { score: second }), () => scope)
      return expression.evaluate(scope)
    }
    expect(pass(60, 45.5)).toBe(true)
    expect(pass(60, 45.49)).toBe(false)
    expect(pass(null, 90)).toBe(false)
  })
})

/** Pairs (theory, practice) whose weighted sum 0.3 / 0.7 is exactly 60, of which doubles make 59.999… for some. */
describe('a weighted sum of exactly 60', () => {
  const expression = compile('0.3 * theory + 0.7 * practice >= 60', { model, names: { theory: { kind: 'number' }, practice: { kind: 'number' } } })
  const pairs = (step: number): [number, number][] => {
    const found: [number, number][] = []
    for (let theory = 0; theory <= 100 * step; theory++) {
      const rest = 600 * step - 3 * theory
      if (rest % 7 === 0 && rest / 7 <= 100 * step && rest >= 0) found.push([theory / step, rest / 7 / step])
    }
    return found
  }
  const passes = ([theory, practice]: [number, number]): unknown =>
    expression.evaluate({ names: { theory: fromText(theory), practice: fromText(practice) }, now: 0, zone: 'UTC' })
  const fromText = (n: number) => compile(String(n), { model, names: {} }).evaluate({ names: {}, now: 0, zone: 'UTC' })
  const wrongInDoubles = (all: [number, number][]): [number, number][] => all.filter(([a, b]) => !(0.3 * a + 0.7 * b >= 60))

  it('passes for the five integer pairs that doubles fail', () => {
    const wrong = wrongInDoubles(pairs(1))
    expect(wrong.map(([a, b]) => `${a}/${b}`).sort()).toEqual(['11/81', '18/78', '46/66', '53/63', '88/48'])
    expect(wrong.map(passes)).toEqual(wrong.map(() => true))
  })

  it('passes for the 47 pairs with one decimal that doubles fail', () => {
    const wrong = wrongInDoubles(pairs(10))
    expect(wrong).toHaveLength(47)
    expect(wrong.every((pair) => passes(pair) === true)).toBe(true)
    expect(pairs(10).every((pair) => passes(pair) === true)).toBe(true)
  })
})

describe('the computes of a registration', () => {
  it.each([['vslc/registration', 'extraMinutes'], ['vslc/registration', 'endsAt'], ['vslc/registration', 'status'], ['vslc/registration', 'scoreState'], ['vslc/entry', 'result']])('%s %s can be filtered and counted in SQL', (self, property) => {
    expect(compile(property, { model, names: {}, self }).notSqlable).toBeNull()
  })
})
