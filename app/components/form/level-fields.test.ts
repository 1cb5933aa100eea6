import { describe, expect, it } from 'vitest'
import { atChooser, hideLevels } from './level-fields.ts'

const ui = { province: { 'ui:widget': 'region', 'ui:options': { levels: ['province', 'city', 'district'] } }, city: { 'ui:widget': 'ref' } }

describe('fields that one chooser fills', () => {
  it('shows the first and hides the others', () => {
    expect(hideLevels(ui)).toEqual({ ...ui, city: { 'ui:widget': 'hidden' }, district: { 'ui:widget': 'hidden' } })
  })
  it('says what is wrong with any of them once, at the chooser', () => {
    const problems = [{ code: 'required', path: 'city', message: '请填写' }, { code: 'required', path: 'district', message: '请填写' }, { code: 'required', path: 'name', message: '请填写' }]
    expect(atChooser(problems, ui).map((problem) => problem.path)).toEqual(['province', 'name'])
  })
})
