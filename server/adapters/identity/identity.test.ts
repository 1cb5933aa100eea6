import { describe, expect, it } from 'vitest'
import { virtualClock } from '#server/platform/clock.ts'
import { embeddedIdentity } from './embedded.ts'
import { isIdNumber } from './id-number.ts'

const NOW = Date.UTC(2026, 4, 6)
// 11010519491231002X and 440524188001010014 are the standard's own examples (GB 11643-1999)
describe('a resident ID number', () => {
  it.each(['11010519491231002X', '110108200601020313', '110105200602031429'])('%s is right', (n) => { expect(isIdNumber(n, NOW)).toBe(true) })
  it.each([
    ['110105194912310021', 'a wrong check character'], ['110108200601020311', 'a wrong check digit'], ['11010519491231002x', 'a small x'], ['1101051949123100', 'too few digits'],
    ['440524188001010014', 'a birth before 1900'], ['110108200602300311', 'the 30th of February'], ['', 'nothing'],
  ])('%s is wrong: %s', (n) => { expect(isIdNumber(n, NOW)).toBe(false) })
  it('is wrong before its owner is born', () => { expect(isIdNumber('110108200601020313', Date.UTC(2006, 0, 1))).toBe(false) })
})

describe('the embedded identity check', () => {
  const ask = (settings: Parameters<typeof embeddedIdentity>[0], more: object = {}) =>
    embeddedIdentity(settings, virtualClock(NOW)).verify({ key: 'k', name: '陈新一', idNo: '110108200601020313', photo: Buffer.from('x'), ...more })
  it('matches a right number with a name and a photo', async () => { expect(await ask({})).toEqual({ ok: true, match: true }) })
  it('does not match without photo, for a passport, or for a number of the demonstration list', async () => {
    expect(await ask({}, { photo: Buffer.alloc(0) })).toEqual({ ok: true, match: false })
    expect(await ask({}, { idNo: 'E12345678' })).toEqual({ ok: true, match: false })
    expect(await ask({ mismatch: ['110108200601020313'] })).toEqual({ ok: true, match: false })
  })
  it('can be down', async () => { expect(await ask({ fail: true })).toMatchObject({ ok: false, retry: true }) })
})
