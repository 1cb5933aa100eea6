import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { editVariables, listIncidents, retryIncident, skipIncident } from '#server/runtime/process/index.ts'
import { trailOf } from '#server/runtime/records/index.ts'
import { openLibrary, type Library } from '../../support/library/open-library.ts'

let lib: Library
beforeEach(async () => { lib = await openLibrary() })
afterEach(() => lib.close())

/** A loan whose check has failed. */
async function stuck(): Promise<{ loan: string; incident: string }> {
  lib.operations['test/check'] = (inputs) => inputs.map(() => ({ ok: false, error: { code: 'DOWN', message: 'the register does not answer' } }))
  const loan = (await lib.create('east.a', 'loan', { book: lib.id('book.atlas'), member: lib.id('member.anna') })).id
  await lib.press('east.a', 'loan', 'submit', [loan])
  await lib.press('east.a', 'loan', 'approve', [loan])
  await lib.drain()
  const [open] = await listIncidents(lib.house.core.processes, await lib.as('central'), { record: loan })
  return { loan, incident: open!.id }
}
const status = (id: string): Promise<unknown> => lib.read('loan', id, 'status')

describe('an incident', () => {
  it('says what failed, where and since when, and counts what was tried', async () => {
    const { loan, incident } = await stuck()
    await retryIncident(lib.house.core.processes, await lib.as('central'), incident)
    await lib.drain()
    const found = await listIncidents(lib.house.core.processes, await lib.as('central'), { record: loan })
    expect(found).toMatchObject([{ element: 'check', code: 'DOWN', at: lib.clock.now(), person: '“核验”执行失败（DOWN），请排除原因后重试' }])
    expect(found[0]!.message).toContain('the register does not answer')
  })
  it('is over when the cause is mended and it is tried again', async () => {
    const { loan, incident } = await stuck()
    lib.operations['test/check'] = (inputs) => inputs.map(() => ({ ok: true, output: { verdict: 'good' } }))
    expect(await retryIncident(lib.house.core.processes, await lib.as('central'), incident)).toEqual({ ok: true })
    await lib.drain()
    expect(await status(loan)).toBe('LENT')
    expect(await retryIncident(lib.house.core.processes, await lib.as('central'), incident)).toMatchObject({ ok: false, problems: [{ code: 'CONFLICT' }] })
  })
  it('is skipped with a reason that stays in the history', async () => {
    const { loan, incident } = await stuck()
    expect(await skipIncident(lib.house.core.processes, await lib.as('central'), incident, ' ')).toMatchObject({ ok: false, problems: [{ code: 'REASON_REQUIRED' }] })
    expect(await skipIncident(lib.house.core.processes, await lib.as('central'), incident, '人工核验')).toEqual({ ok: true })
    expect(await status(loan)).toBe('LENT')
    expect(await trailOf(lib.house.core.engine, lib.def('loan'), loan, 20)).toContainEqual(expect.objectContaining({ kind: 'incident', outcome: 'skip', comment: '人工核验' }))
  })
  it('lets declared variables be corrected, with old and new value in the history', async () => {
    const { loan, incident } = await stuck()
    const { processes } = lib.house.core
    const central = await lib.as('central')
    expect(await editVariables(processes, central, incident, { rank: 1 }, 'x')).toMatchObject({ ok: false, problems: [{ message: '流程没有变量“rank”，可修改的变量：verdict' }] })
    expect(await editVariables(processes, central, incident, { verdict: 'good' }, '')).toMatchObject({ ok: false, problems: [{ code: 'REASON_REQUIRED' }] })
    expect(await editVariables(processes, central, incident, { verdict: 'good' }, '电话确认')).toEqual({ ok: true })
    expect(await editVariables(processes, central, incident, { verdict: 'good' }, '再次')).toMatchObject({ ok: false, problems: [{ code: 'NOTHING_CHANGED' }] })
    expect(await trailOf(lib.house.core.engine, lib.def('loan'), loan, 20)).toContainEqual(expect.objectContaining({ kind: 'variables', comment: '电话确认', changes: { $verdict: [null, 'good'] } }))
    expect(await status(loan)).toBe('CHECK')
  })
  it('stops its own record alone', async () => {
    const one = await stuck()
    lib.operations['test/check'] = (inputs) => inputs.map(() => ({ ok: true, output: { verdict: 'good' } }))
    const other = (await lib.create('east.a', 'loan', { book: lib.id('book.atlas'), member: lib.id('member.ben') })).id
    await lib.press('east.a', 'loan', 'submit', [other])
    await lib.press('east.a', 'loan', 'approve', [other])
    await lib.drain()
    expect([await status(one.loan), await status(other)]).toEqual(['CHECK', 'LENT'])
  })
  it('is gone with the step when an event interrupts it', async () => {
    const { loan } = await stuck()
    await lib.advance(3 * 3_600_000)
    expect(await status(loan)).toBe('RETURNED')
    expect(await listIncidents(lib.house.core.processes, await lib.as('central'), { record: loan })).toEqual([])
  })
})
