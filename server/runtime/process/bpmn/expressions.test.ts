import { describe, expect, it } from 'vitest'
import { build, setEffect } from '#tests/support/process/build.ts'
import { splitList } from './expressions.ts'

describe('expressions of a process', () => {
  it('splits an order only at commas between its parts', () => {
    expect(splitList('item.a, f(item.b, 2), item["x,y"]')).toEqual(['item.a', 'f(item.b, 2)', 'item["x,y"]'])
  })
  it('lists each use under the element or flow it stands on', () => {
    const p = build({
      s: { type: 'startEvent' },
      t: { type: 'userTask', org: 'school', due: 'end', outcomes: [{ id: 'a', label: 'A', comment: 'none', when: 'w' }] },
      r: { type: 'businessRuleTask', rule: 'fee', inputs: [{ name: 'n', expr: 'x' }], outputs: [{ name: 'fee', expr: 'output' }] },
    }, ['f1: s -> t', { flow: 'f2: t -> r [c]', effects: [setEffect({ v: '1' }, { entity: 'e', where: 'q', order: 'o1, o2', draw: 'no', unless: [{ id: 'u', if: 'i', reason: '' }] })] }])

    expect(p.expressions.map(e => `${e.element} ${e.use} ${e.text}`)).toEqual([
      't org school', 't due end', 't when w', 'r input x', 'r rule rules.fee(x)', 'r output output', 'f2 condition c', 'f2 where q', 'f2 order o1', 'f2 order o2', 'f2 value 1', 'f2 unless i',
    ])
  })
})
