import { describe, expect, it } from 'vitest'
import { translator } from '#app/text/translate.ts'
import { titleAt, toErrorTree } from './error-schema.ts'
import { validateData } from './validate.ts'

const t = translator('zh')
const schema = {
  type: 'object', required: ['name', 'period'],
  properties: {
    name: { type: 'string', title: '姓名', minLength: 2, maxLength: 4 }, count: { type: 'integer', title: '人数', minimum: 1, maximum: 30 }, day: { type: 'string', format: 'date', title: '日期' },
    period: { type: 'object', title: '时间', required: ['start'], properties: { start: { type: 'string', format: 'date-time' } } },
    rows: { type: 'array', title: '明细', items: { type: 'object', required: ['code'], properties: { code: { type: 'string', title: '条码', pattern: '^[0-9]+$' } } } },
  },
}

describe('checking a form in the browser', () => {
  it('names each field once, with the message for its first fault', () => {
    expect(validateData(schema, { name: '张', count: 31, day: '2026-13-01', rows: [{}, { code: 'a' }] }, t).map(({ path, message }) => [path, message])).toEqual([
      ['period', '必填'], ['name', '不少于 2 个字符'], ['count', '不大于 30'], ['day', '格式不正确'], ['rows.0.code', '必填'], ['rows.1.code', '格式不正确'],
    ])
  })
  it('treats empty text and null as not filled in', () => {
    expect(validateData(schema, { name: '', count: null, period: { start: '2026-01-01T00:00:00Z' } }, t).map((problem) => problem.path)).toEqual(['name'])
  })
  it('finds nothing wrong with data that fits', () => {
    expect(validateData(schema, { name: '张三', count: 30, period: { start: '2026-01-01T08:00:00+08:00' }, rows: [] }, t)).toEqual([])
  })
  it('places problems in the tree of errors and names their fields', () => {
    expect(toErrorTree([{ code: 'x', path: 'rows.1.code', message: '已借出' }, { code: 'y', message: 'whole form' }])).toEqual({ rows: { 1: { code: { __errors: ['已借出'] } } } })
    expect(titleAt(schema, 'rows.1.code')).toBe('明细 #2 条码')
  })
})
