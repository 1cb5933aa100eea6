import { expect, it } from 'vitest'
import { dayToSerial, serialToText } from './dates.ts'
import { styleOfFormat } from './styles.ts'

it.each([
  ['yyyy-mm-dd', 'date'], ['m/d/yy h:mm', 'date'], ['[h]:mm:ss', 'date'], ['[$-804]yyyy"年"m"月"d"日"', 'date'], ['yyyy年m月d日', 'date'], ['[DBNum1][$-804]m月d日', 'date'],
  ['General', 'plain'], ['0.00', 'plain'], ['#,##0.00_);[Red](#,##0.00)', 'plain'], ['0.00E+00', 'plain'], ['[$¥-804]#,##0.00', 'plain'], ['"第"0"名(day)"', 'plain'], ['0\\d', 'plain'], ['@', 'plain'], ['0%', 'plain'],
  ['000000', 'padded'], ['00', 'padded'], ['"NO."00000', 'padded'], ['0', 'plain'],
])('takes the number format %s for %s', (code, style) => {
  expect(styleOfFormat(code)).toBe(style)
})

it('writes serials as the days people see, on both sides of the day that exists in Excel alone', () => {
  // 2026-03-01 and 2024-02-29 as Excel shows them for these numbers
  expect([1, 59, 61, 45351, 46082, 46082.75, 0.5].map((serial) => serialToText(serial, false))).toEqual(['1900-01-01', '1900-02-28', '1900-03-01', '2024-02-29', '2026-03-01', '2026-03-01T18:00:00', '12:00:00'])
  expect([-1, 2_958_466, Number.NaN].map((serial) => serialToText(serial, false))).toEqual([undefined, undefined, undefined])
  expect(dayToSerial(2026, 3, 1)).toBe(46082)
})

it('rounds to the second, so that a time typed as 09:30 stays 09:30', () => {
  expect(serialToText(46082.39583333333, false)).toBe('2026-03-01T09:30:00')
})
