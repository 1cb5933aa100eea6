import { describe, expect, it } from 'vitest'
import { isWide, prepareUi } from './prepare-ui.ts'
import { sectionsOf } from './sections.ts'

const range = { type: 'object', properties: { start: { type: 'string', format: 'date-time' }, end: { type: 'string', format: 'date-time' } } }

describe('widgets that follow from the schema', () => {
  it('shows start and end as one range, arrays of objects as a table, free arrays as tags, long text as an area', () => {
    const schema = { type: 'object', properties: { window: range, rows: { type: 'array', items: { type: 'object', properties: {} } }, words: { type: 'array', items: { type: 'string' } }, note: { type: 'string', maxLength: 500 } } }
    expect(prepareUi(schema, {})).toEqual({ window: { 'ui:field': 'range' }, rows: { 'ui:widget': 'editableTable' }, words: { 'ui:widget': 'tags' }, note: { 'ui:widget': 'textarea' } })
  })
  it('leaves the definition’s own choice alone', () => {
    expect(prepareUi({ type: 'object', properties: { staff: { type: 'array', items: { type: 'string' } } } }, { staff: { 'ui:widget': 'ref' } })).toEqual({ staff: { 'ui:widget': 'ref' } })
  })
  it('gives tables and areas their own row, and a range none', () => {
    expect([isWide({ type: 'array' }, { 'ui:widget': 'editableTable' }), isWide(range, { 'ui:field': 'range' }), isWide({ type: 'string' }, { 'ui:options': { wide: true } })]).toEqual([true, false, true])
  })
})

describe('the sections of a form', () => {
  const schema = { type: 'object', properties: { a: {}, b: {}, c: {} } }
  it('keeps their order, passes over unknown fields and puts the unplaced last', () => {
    expect(sectionsOf(schema, { 'ui:sections': [{ id: 's', title: '一', fields: ['b', 'gone'] }] }).map((section) => [section.id, section.fields])).toEqual([['s', ['b']], ['_rest', ['a', 'c']]])
  })
  it('drops a section whose fields are all hidden from the caller', () => {
    expect(sectionsOf(schema, { 'ui:sections': [{ id: 's', title: '一', fields: ['hidden'] }, { id: 'r', fields: ['a', 'b', 'c'] }] }).map((section) => section.id)).toEqual(['r'])
  })
})
