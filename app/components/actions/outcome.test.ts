import { describe, expect, it } from 'vitest'
import { needsPanel, refusedCsv } from './outcome.ts'
import { chosenInput, subjectInput } from './subject.ts'

describe('what came of an action', () => {
  it('needs a panel for refusals, made records and secrets, not for plain success', () => {
    expect([needsPanel({ done: 3, refused: [] }), needsPanel({ done: 3, refused: [], made: 1 }), needsPanel({ done: 1, refused: [], secret: 'x' })]).toEqual([false, true, true])
  })
  it('writes refused rows so that a spreadsheet runs no formula', () => {
    const csv = refusedCsv({ done: 0, refused: [{ id: '1', title: '=HYPERLINK("x")', problems: [{ code: 'a', message: '状态不符' }, { code: 'b', message: '已缴费' }] }] }, ['数据', '原因'])
    expect(csv).toBe('\ufeff"数据","原因"\r\n"\'=HYPERLINK(""x"")","状态不符；已缴费"\r\n')
  })
})

describe('what an action is about', () => {
  const subject = { entity: 'lib/loan', ids: ['1'], revs: { 1: 4 }, list: 'loan', query: { tab: 'A' }, count: 9 }
  it('sends the ticked ids with their revs, or the whole query', () => {
    expect(subjectInput(subject)).toEqual({ ids: ['1'], revs: { 1: 4 } })
    expect(subjectInput({ ...subject, all: true })).toEqual({ query: { list: 'loan', query: { tab: 'A' } } })
  })
  it('exports the ticked rows, and with nothing ticked the query', () => {
    expect(chosenInput(subject)).toEqual({ ids: ['1'], list: 'loan' })
    expect(chosenInput({ ...subject, ids: [] })).toEqual({ list: 'loan', query: { tab: 'A' } })
  })
})
