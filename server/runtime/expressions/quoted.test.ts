import { describe, expect, it } from 'vitest'
import { compile, fromFeel, toFeel } from './index.ts'
import type { CompileOptions, FeelType, ModelProperty, Scope } from './index.ts'
import { MemoryFacts, modelOf, rowRef } from '#tests/support/expressions/memory-facts.ts'
import type { Tables } from '#tests/support/expressions/memory-facts.ts'

/** Expressions quoted in the description of the language, each with a value worked out by hand. */
const any: FeelType = { kind: 'any' }
const back = (entity: string, path: string): ModelProperty => ({ type: { kind: 'list', of: { kind: 'entity', entity } }, inverse: { entity, path } })
const ref = (entity: string, column: string): ModelProperty => ({ type: { kind: 'entity', entity }, column })
const str = (column: string): ModelProperty => ({ type: { kind: 'string' }, column })
const model = modelOf([
  { name: 'core/organisation', table: 'organisation', properties: { province: str('province'), pilot: { type: { kind: 'boolean' }, compute: 'count(rows("pilot-application")[item.school = record.id and item.status = "APPROVED" and item.plan.window.end < now and item.year = now.year]) > 0' } } },
  { name: 'vslc/exam-plan', table: 'exam_plan', properties: { year: { type: { kind: 'number', scale: 0 }, column: 'year' }, 'window.end': { type: { kind: 'date-time' }, column: 'window_end' }, regWindow: { type: { kind: 'context', fields: { end: { kind: 'date-time' } } } }, schools: { type: { kind: 'list', of: { kind: 'entity', entity: 'organisation' } }, linkTable: 'exam_plan_schools' } } },
  { name: 'vslc/pilot-application', table: 'pilot_application', properties: { school: ref('core/organisation', 'school'), status: str('status'), plan: ref('vslc/exam-plan', 'plan'), year: { type: { kind: 'number', scale: 0 }, column: 'year' }, certificate: str('certificate') } },
  { name: 'vslc/site-allocation', table: 'site_allocation', properties: { plan: ref('vslc/exam-plan', 'plan'), guest: ref('core/organisation', 'guest'), site: ref('vslc/exam-site', 'site') } },
  { name: 'vslc/exam-site', table: 'exam_site', properties: { school: ref('core/organisation', 'school'), enabled: { type: { kind: 'boolean' }, column: 'enabled' }, status: str('status') } },
  { name: 'vslc/weekly-report', table: 'weekly_report', properties: { school: ref('core/organisation', 'school'), period: str('period') } },
  { name: 'vslc/plan-subject', table: 'plan_subject', properties: { plan: ref('vslc/exam-plan', 'plan'), subject: ref('vslc/subject', 'subject') } },
  { name: 'vslc/subject', table: 'subject', properties: { certificate: str('certificate'), targetGroup: str('target_group') } },
  { name: 'jjyk/batch', table: 'batch', properties: { items: back('jjyk/item', 'batch') } },
  { name: 'jjyk/item', table: 'item', properties: { batch: ref('jjyk/batch', 'batch'), status: str('status') } },
], { invigilators: { args: ['n'], expr: 'max(2, ceiling(args.n / 20))' }, qty: { args: ['per', 'n', 'record'], expr: 'if args.per = "room" then args.n else args.n + 5' }, billable: { args: ['done', 'joined'], expr: 'max(args.done, ceiling(0.9 * args.joined))' }, fee: { args: ['c'], expr: '28000' } })
const tables: Tables = {
  'core/organisation': [{ id: 1, province: '11' }, { id: 2, province: '44' }],
  'vslc/exam-plan': [{ id: 5, year: 2026, window: { end: '2026-05-10T00:00:00+08:00' }, regWindow: { end: '2026-05-10T00:00:00+08:00' }, schools: ['1'] }],
  'vslc/pilot-application': [{ id: 3, school: 1, status: 'APPROVED', plan: 5, year: 2026, certificate: 'c1' }, { id: 4, school: 2, status: 'RETURNED', plan: 5, year: 2026, certificate: 'c1' }],
  'vslc/site-allocation': [{ id: 1, plan: 5, guest: 1, site: 9 }],
  'vslc/exam-site': [{ id: 8, school: 1, enabled: true, status: 'APPROVED' }, { id: 9, school: 2, enabled: false, status: 'APPROVED' }, { id: 10, school: 2, enabled: true, status: 'APPROVED' }],
  'vslc/weekly-report': [{ id: 1, school: 1, period: 'W20' }],
  'vslc/plan-subject': [{ id: 21, plan: 5, subject: 31 }, { id: 22, plan: 5, subject: 32 }],
  'vslc/subject': [{ id: 31, certificate: 'c1', targetGroup: 'ALL' }, { id: 32, certificate: 'c1', targetGroup: 'ADULT' }],
  'jjyk/batch': [{ id: 1 }],
  'jjyk/item': [{ id: 1, batch: 1, status: 'DONE' }],
}
const entity = (name: string): FeelType => ({ kind: 'entity', entity: name })

const run = (text: string, values: Record<string, unknown>, options: Partial<CompileOptions> = {}): unknown => {
  const rows = Object.fromEntries(Object.entries(options.names ?? {}).filter(([, type]) => type.kind === 'entity'))
  const names: Record<string, FeelType> = { ...Object.fromEntries(Object.keys(values).map((key) => [key, any])), ...options.names }
  const scope: Scope = { names: {}, now: Date.parse('2026-05-20T01:30:00Z'), zone: 'Asia/Shanghai' }
  scope.facts = new MemoryFacts(model, tables, () => scope)
  for (const [key, value] of Object.entries(values)) scope.names[key] = toFeel(value, rows[key] ?? (key === 'record' && options.self ? entity(options.self) : any))
  return fromFeel(compile(text, { model, ...options, names }).evaluate(scope))
}
const user = { org: '1', id: '77', isCertOwner: true, ownedCerts: ['c1', 'c2'] }

describe('over plain values', () => {
  it.each<[string, Record<string, unknown>, unknown]>([
    ['school = user.org and (not(user.isCertOwner) or certificate in user.ownedCerts)', { school: '1', certificate: 'c2', user }, true],
    ['school = user.org and (not(user.isCertOwner) or certificate in user.ownedCerts)', { school: '1', certificate: 'c9', user }, false],
    ['item.plan = input.plan and item.result = "PASSED"', { item: { plan: '5', result: 'PASSED' }, input: { plan: '5' } }, true],
    ['item.candidate.state != "VERIFIED"', { item: { candidate: { state: null } } }, true],
    ['sum(majors.applied)', { majors: [{ applied: 30 }, { applied: 12 }] }, 42],
    ['every m in majors satisfies m.approved in [0..m.applied]', { majors: [{ approved: 30, applied: 30 }, { approved: 0, applied: 12 }] }, true],
    ['item.candidateType = "SCHOOL"', { item: { candidateType: 'SOCIAL' } }, false],
    ['if program.policies.borrowSigner = "host" then entry.site.school else entry.school', { program: { policies: { borrowSigner: 'host' } }, entry: { school: 'a', site: { school: 'b' } } }, 'b'],
    ['seats >= old.seats', { seats: 30, old: { seats: 31 } }, false],
    ['count(distinct values(group.entry))', { group: [{ entry: '1' }, { entry: '1' }, { entry: '2' }] }, 2],
    ['count(invigilators) >= rules.invigilators(count(registrations))', { invigilators: [1, 2], registrations: Array.from({ length: 41 }, () => 1) }, false],
    ['now <= min(plan.publishedAt + duration("P7D"), plan.publicity.end)', { plan: { publishedAt: null, publicity: { end: null } } }, null],
    ['newScore != oldScore', { newScore: 60, oldScore: null }, true],
    ['record.amount - item.amount', { record: { amount: 30000 }, item: { amount: 28000 } }, 2000],
    ['rules.qty(item.per, item.n, record)', { item: { per: 'site', n: 30 }, record: {} }, 35],
    ['every r in rooms satisfies count(r.visits) >= 1', { rooms: [{ visits: [1] }, { visits: [] }] }, false],
    ['minutes <= program.params.siteExtensionLimit', { minutes: 15, program: { params: { siteExtensionLimit: 15 } } }, true],
    ['candidateSigned or (refused and every p in room.invigilators satisfies list contains(signatures.signer, p.id))', { candidateSigned: false, refused: true, room: { invigilators: [{ id: '1' }, { id: '2' }] }, signatures: [{ signer: '2' }, { signer: '1' }] }, true],
    ['item.project = record.project and item.trainingDone and item.offlineApproved and item.passed = false and item.chancesLeft > 0', { item: { project: 'p', trainingDone: true, offlineApproved: true, passed: false, chancesLeft: 1 }, record: { project: 'p' } }, true],
    ['for i in 1..mockCount return {n: i}', { mockCount: 2 }, [{ n: 1 }, { n: 2 }]],
    ['seatQuota >= old.seatQuota and seatQuota >= count(roster) and seatQuota <= 500', { seatQuota: 500, old: { seatQuota: 400 }, roster: [1] }, true],
    ['if class.dailySign = 2 and time(now) >= time("12:00:00") then "PM" else "AM"', { class: { dailySign: 2 } }, 'AM'],
    ['max(attempts.score)', { attempts: [{ score: 59.5 }, { score: 80 }, { score: null }] }, 80],
    ['rules.billable(done, joined)', { done: 8, joined: 11 }, 10],
    ['sum(entries.amount)', { entries: [] }, 0],
    ['score != null or absent', { score: null, absent: true }, true],
    ['if row.score = "缺考" then null else number(row.score)', { row: { score: '60' } }, 60],
    ['if row.score = "缺考" then null else number(row.score)', { row: { score: '缺考' } }, null],
    ['candidate.name = row.name', { candidate: { name: '王小八' }, row: { name: '李大伟' } }, false],
    ['certificate.name = row.cert and certificate.level = row.level', { certificate: { name: '数字营销技术应用', level: '中级' }, row: { cert: '数字营销技术应用', level: '中级' } }, true],
    ['list contains(certificate.majorKeys, snapshot.majorKey) and (count(application.majorKeys) = 0 or list contains(application.majorKeys, snapshot.majorKey))', { certificate: { majorKeys: ['06101'] }, snapshot: { majorKey: '06101' }, application: { majorKeys: null } }, true],
    ['status = "UNARRANGED" and paid = false', { status: 'UNARRANGED', paid: true }, false],
    ['plan.phase = "REGISTRATION" and list contains(plan.schools, school)', { plan: { phase: 'REGISTRATION', schools: ['1'] }, school: '1' }, true],
    ['rules.fee(input.certificate) * count(distinct values(group.entry))', { input: { certificate: 'c1' }, group: [{ entry: '1' }] }, 28000],
    ['passed / sat', { passed: 45, sat: 50 }, 0.9],
    ['passed / sat', { passed: 0, sat: 0 }, null],
    ['outcome = "arrange"', { outcome: 'undo' }, false],
    ['program.policies.paidBeforeSeating = "block"', { program: { policies: { paidBeforeSeating: 'warn' } } }, false],
    ['rules.invigilators(0)', {}, 2],
    ['payment = null', { payment: null }, true], ['room != null', { room: '7' }, true], ['application != null', { application: null }, false], ['photo != null', { photo: null }, false],
    ['candidate.status = "VERIFIED"', { candidate: { status: 'VERIFIED' } }, true], ['entry.candidate.account = user.id', { entry: { candidate: { account: '77' } }, user }, true],
    ['plan.province = "44"', { plan: { province: '11' } }, false], ['item.province = user.org.province and item.phase = "OPEN"', { item: { province: '11', phase: 'OPEN' }, user: { org: { province: '11' } } }, true],
    ['item.payment = record.id', { item: { payment: '3' }, record: { id: '3' } }, true], ['class.status != "CLOSED"', { class: { status: 'OPENED' } }, true], ['class.hasLive', { class: { hasLive: false } }, false],
    ['item.plan = record.id and item.ticketNo = null and (some r in item.registrations satisfies r.room != null)', { item: { plan: '5', ticketNo: null, registrations: [{ room: null }, { room: '7' }] }, record: { id: '5' } }, true],
    ['item.phase = "REGISTRATION" and item.regMode = "BY_CERT" and list contains(item.schools, user.org)', { item: { phase: 'REGISTRATION', regMode: 'BY_CERT', schools: ['2'] }, user }, false],
    ['if row.group = null then "ALL" else row.group', { row: { group: null } }, 'ALL'], ['item.plan = record.entry.plan and item.subject.certificate = record.entry.certificate', { item: { plan: '5', subject: { certificate: 'c1' } }, record: { entry: { plan: '5', certificate: 'c2' } } }, false],
    ['every r in packageCopy.resources satisfies r.watched >= r.length', { packageCopy: { resources: [{ watched: 60, length: 60 }] } }, true], ['count(registrations[item.room != null])', { registrations: [{ room: null }, { room: '7' }] }, 1],
    ['item.class = record.id and not(item.paid)', { item: { class: '1', paid: false }, record: { id: '1' } }, true], ['count(learners[item.joinStatus = "JOINED"])', { learners: [{ joinStatus: 'JOINED' }, {}] }, 1],
    ['allocations[item.n > 1]', { allocations: [{ n: 1 }, { n: 2 }] }, [{ n: 2 }]],
  ])('%s of %j', (text, values, expected) => expect(run(text, values)).toEqual(expected))

  it('of times', () => {
    expect(run('week(date and time(examStart), -3, "THU", "24:00")', { examStart: '2026-05-20T09:00:00+08:00' })).toBe('2026-05-01T00:00:00+08:00')
    expect(run('add working days(date and time(receivedAt), 3)', { receivedAt: '2026-05-22T09:00:00+08:00' })).toBe('2026-05-27T09:00:00+08:00')
    expect(run('if now < date and time(window.start) then "NOT_STARTED" else if now <= date and time(window.end) then "OPEN" else "CLOSED"', { window: { start: '2026-05-01T00:00:00+08:00', end: '2026-05-20T09:30:00+08:00' } })).toBe('OPEN')
    expect(run('if item.anchor = "T" then date and time(session.startsAt) + duration(item.offset) else date and time(session.endsAt) + duration(item.offset)', { item: { anchor: 'T', offset: '-PT30M' }, session: { startsAt: '2026-05-20T09:00:00+08:00' } })).toBe('2026-05-20T08:30:00+08:00')
  })
})

describe('over records', () => {
  it('a school is a pilot school once its application is approved and the window is over', () => {
    expect(run('pilot', { record: '1' }, { self: 'core/organisation' })).toBe(true)
    expect(run('pilot', { record: '2' }, { self: 'core/organisation' })).toBe(false)
  })
  it('a school chooses its own enabled sites and those it was allocated', () => {
    const where = '(item.school = user.org and item.enabled) or (some a in rows("site-allocation") satisfies a.plan = record.plan and a.guest = user.org and a.site = item.id)'
    const may = (site: string): unknown => run(where, { item: site, user, record: { plan: '5' } }, { names: { item: entity('vslc/exam-site') } })
    expect([may('8'), may('9'), may('10')]).toEqual([true, true, false])
  })
  it('an entry finds its approved application by its key', () => {
    const text = 'rows("pilot-application")[item.school = record.candidate.school and item.certificate = record.certificate.id and item.year = record.plan.year and item.status = "APPROVED"][1].id'
    expect(run(text, { record: { candidate: { school: '1' }, certificate: { id: 'c1' }, plan: { year: 2026 } } })).toBe('3')
    expect(run(text, { record: { candidate: { school: '2' }, certificate: { id: 'c1' }, plan: { year: 2026 } } })).toBeNull()
  })
  it('a weekly report is written once', () => {
    const must = 'count(rows("weekly-report")[item.school = user.org and item.period = record.period]) = 0'
    expect([run(must, { user, record: { period: 'W20' } }), run(must, { user, record: { period: 'W21' } })]).toEqual([false, true])
  })
  it('an imported row takes the subjects of its certificate and group', () => {
    const from = 'rows("plan-subject")[item.plan = params.plan and item.subject.certificate = certificate.id and list contains(["ALL", row.group], item.subject.targetGroup)]'
    expect(run(from, { params: { plan: '5' }, certificate: { id: 'c1' }, row: { group: null } })).toEqual(['21'])
    expect(run(from, { params: { plan: '5' }, certificate: { id: 'c1' }, row: { group: 'ADULT' } })).toEqual(['21', '22'])
  })
  it('asks the store by the columns that must be equal', () => {
    const scope: Scope = { names: { user: { org: rowRef('core/organisation', '1') }, record: { period: 'W20' } }, now: 0, zone: 'UTC' }
    const facts = new MemoryFacts(model, tables, () => scope)
    compile('count(rows("weekly-report")[item.school = user.org and item.period = record.period])', { model, names: { user: any, record: any } }).evaluate({ ...scope, facts })
    expect(facts.asked).toEqual([{ entity: 'vslc/weekly-report', equals: ['school', 'period'] }])
  })
  it('a batch is under review while one of its items is', () => {
    expect(run('if count(items[item.status = "REVIEWING"]) > 0 then "REVIEWING" else "DONE"', { record: '1' }, { self: 'jjyk/batch' })).toBe('DONE')
  })
  it('reads and clock are known', () => {
    const found = compile('count(items[item.status = "REVIEWING"]) > 0 and now > user.since', { model, names: { user: any }, self: 'jjyk/batch' })
    expect(found.reads).toEqual([{ root: 'record', path: ['items', 'status'], entity: 'jjyk/batch' }, { root: 'user', path: ['since'] }])
    expect(found.usesClock).toBe(true)
    expect(compile('pilot', { model, names: {}, self: 'core/organisation' }).usesClock).toBe(true)
  })
})
