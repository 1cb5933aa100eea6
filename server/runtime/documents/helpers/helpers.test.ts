import { describe, expect, it } from 'vitest'
import { code128Values } from './barcode.ts'
import { datePartsOf, formatDate, formatRange } from './date.ts'
import { maskText } from './mask.ts'
import { formatCapitals, formatMoney } from './money.ts'
import { qrSvg } from './qr.ts'
import { cleanRichText } from './rich.ts'

const ZONE = 'Asia/Shanghai'
const at = (text: string): number => Date.parse(text)

describe('dates', () => {
  it('shows an exam slot of one day with the end time only (VSLC-009)', () => {
    expect(formatRange(at('2021-09-18T12:49:00Z'), at('2021-09-18T13:49:00Z'), ZONE)).toBe('2021-09-18 20:49~21:49')
  })
  it('shows a window over several days with both dates in full (VSLC-009)', () => {
    expect(formatRange('2021-12-16T09:30', '2022-01-07T23:59', ZONE)).toBe('2021-12-16 09:30~2022-01-07 23:59')
  })
  it('decides "same day" in the family\'s zone, not in UTC', () => {
    expect(formatRange('2026-05-19T23:30:00Z', '2026-05-20T02:00:00Z', ZONE)).toBe('2026-05-20 07:30~10:00')
  })
  it('reads milliseconds, offsets, plain dates and FEEL values alike', () => {
    for (const value of [at('2026-06-08T00:00:00Z'), '2026-06-08T08:00+08:00', '2026-06-08', { $: 'date', iso: '2026-06-08' }, { $: 'instant', ms: at('2026-06-08T01:00:00Z') }]) {
      const parts = datePartsOf(value, ZONE)
      expect(parts && formatDate(parts, 'yyyy年M月d日')).toBe('2026年6月8日')
    }
  })
  it('writes the date of a certificate in characters', () => {
    const parts = datePartsOf('2026-11-20', ZONE)
    expect(parts && formatDate(parts, 'hanzi')).toBe('二〇二六年十一月二十日')
  })
  it('refuses a text that is no date', () => {
    expect(() => datePartsOf('soon', ZONE)).toThrow('"soon" is no date')
  })
})

describe('money', () => {
  it.each([
    [0, '0.00', '零元整'], [5, '0.05', '伍分'], [28000, '280.00', '贰佰捌拾元整'], [100, '1.00', '壹元整'], [105, '1.05', '壹元零伍分'], [150, '1.50', '壹元伍角整'],
    [1_000_500, '10,005.00', '壹万零伍元整'], [10_050_000, '100,500.00', '壹拾万零伍佰元整'], [1_234_567_89, '1,234,567.89', '壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分'],
    [1_000_000_000_000, '10,000,000,000.00', '壹佰亿元整'], [10_000_000_100, '100,000,001.00', '壹亿零壹元整'], [-28000, '-280.00', '负贰佰捌拾元整'],
  ])('writes %i fen as %s and %s', (fen, digits, capitals) => {
    expect(formatMoney(fen)).toBe(digits)
    expect(formatCapitals(fen)).toBe(capitals)
  })
  it('refuses a fraction of a fen', () => {
    expect(() => formatMoney(0.5)).toThrow('whole fen')
  })
})

describe('masks', () => {
  it('shows three, five stars and four on a ticket (VSLC-008)', () => {
    expect(maskText('370682200001016532', '3:5:4')).toBe('370*****6532')
  })
  it('keeps as many stars as characters with *', () => {
    expect(maskText('王小八', '1:*:0')).toBe('王**')
  })
  it('hides a text whole that is too short to be masked', () => {
    expect(maskText('1234567', '3:5:4')).toBe('*******')
  })
  it('refuses an unreadable mask instead of showing the number', () => {
    expect(() => maskText('370682200001016532', '3-4')).toThrow('is no mask')
  })
})

describe('codes', () => {
  it('encodes "Wikipedia" in set B with the published checksum 88', () => {
    expect(code128Values('Wikipedia')).toEqual([104, 55, 73, 75, 73, 80, 69, 68, 73, 65, 88, 106])
  })
  it('packs digits in pairs and switches for an odd last one', () => {
    expect(code128Values('123456').slice(0, 4)).toEqual([105, 12, 34, 56])
    expect(code128Values('12345').slice(0, 5)).toEqual([105, 12, 34, 100, 21])
  })
  it('refuses what a barcode cannot hold', () => {
    expect(() => code128Values('准考证')).toThrow('printable ASCII')
  })
  it('draws a QR code with a quiet zone of four modules', () => {
    // version 1 has 21 modules
    expect(qrSvg('A', '25mm')).toContain('viewBox="0 0 29 29"')
    expect(qrSvg('A', '25mm')).toContain('M4 4h7v1h-7z')
  })
})

describe('rich text', () => {
  it('keeps formatting and drops scripts, handlers, links, ids and foreign pictures', () => {
    const dirty = '<p onclick="x()" id="certflow-doc-1" style="text-align:center;position:fixed">甲<script>x()</script><a href="javascript:x()">乙</a><img src="https://example.test/x.png"><b>丙</b></p>'
    expect(cleanRichText(dirty)).toBe('<p style="text-align:center">甲乙<img /><b>丙</b></p>')
  })
})
