import { describe, expect, it } from 'vitest'
import { sealedOnce } from './sealed-ahead.ts'
import type { Sealing } from './codec.ts'

function counting(): { sealing: Sealing; done: string[] } {
  const done: string[] = []
  return {
    done,
    sealing: {
      seal: (plain, place) => { done.push('seal'); return `${done.length}:${place.row}:${plain}` },
      blind: (kind, value) => { done.push('blind'); return `${kind}:${value}` },
      open: (sealed) => sealed,
    },
  }
}
const at = (row: string, column = 'id_no') => ({ table: 't', column, row })

describe('sealing of one batch', () => {
  it('seals a value of a place once, and anew when the value is another', () => {
    const { sealing, done } = counting()
    const once = sealedOnce(sealing)
    expect(once.seal('a', at('1'))).toBe(once.seal('a', at('1')))
    expect(once.seal('b', at('1'))).toBe('2:1:b')
    expect(done).toEqual(['seal', 'seal'])
  })

  it('never gives one place what was sealed for another', () => {
    const once = sealedOnce(counting().sealing)
    const tokens = [once.seal('a', at('1')), once.seal('a', at('2')), once.seal('a', at('1', 'mobile')), once.seal('a', { ...at('1'), table: 'u' })]
    expect(new Set(tokens).size).toBe(4)
  })

  it('hashes a value once per kind', () => {
    const { sealing, done } = counting()
    const once = sealedOnce(sealing)
    expect([once.blind('phone', '1'), once.blind('phone', '1'), once.blind('idNumber', '1')]).toEqual(['phone:1', 'phone:1', 'idNumber:1'])
    expect(done).toEqual(['blind', 'blind'])
  })
})
