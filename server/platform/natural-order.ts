const DIGITS = '零一二三四五六七八九'
const UNITS: Record<string, number> = { 十: 10, 百: 100, 千: 1000 }

/** 十二 = 12, 二十 = 20, 一百零三 = 103, 三〇五 = 305 */
function chineseNumber(text: string): number {
  if (!/[十百千]/.test(text)) return Number([...text].map((c) => DIGITS.indexOf(c)).join(''))
  let total = 0
  let digit = 0
  for (const c of text) {
    const unit = UNITS[c]
    if (unit === undefined) { digit = DIGITS.indexOf(c); continue }
    total += (digit === 0 && unit === 10 && total === 0 ? 1 : digit) * unit
    digit = 0
  }
  return total + digit
}

type Part = string | number
/** A name as people sort it: runs of digits, also full-width and Chinese ones, count as numbers. */
export const naturalKey = (name: string): Part[] => (name.normalize('NFKC').replace(/两/g, '二').replace(/〇/g, '零').match(/\d+|[零一二三四五六七八九十百千]+|[^\d零一二三四五六七八九十百千]+/g) ?? [])
  .map((part) => (/^\d/.test(part) ? Number(part) : /^[零一二三四五六七八九十百千]/.test(part) ? chineseNumber(part) : part))

export function compareKeys(a: Part[], b: Part[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i]!, b[i]!]
    if (x === y) continue
    if (typeof x === 'number' && typeof y === 'number') return x - y
    if (typeof x !== typeof y) return typeof x === 'number' ? -1 : 1
    return x < y ? -1 : 1
  }
  return a.length - b.length
}

interface By<T> { of: (row: T) => unknown; down: boolean }
/** Rows that stand in the order of these columns already, with the texts among them as people count: 第2考场 before 第10考场. Nothing comes first, as in SQLite. */
export function inNaturalOrder<T>(rows: T[], columns: By<T>[]): T[] {
  if (columns.length === 0) return rows
  const keyed = rows.map((row) => ({ row, keys: columns.map(({ of }) => { const v = of(row); return typeof v === 'string' ? naturalKey(v) : v }) }))
  keyed.sort((a, b) => {
    for (const [i, { down }] of columns.entries()) {
      const c = compareOne(a.keys[i], b.keys[i])
      if (c !== 0) return down ? -c : c
    }
    return 0
  })
  return keyed.map(({ row }) => row)
}

const compareOne = (a: unknown, b: unknown): number => {
  if (a === null || a === undefined || b === null || b === undefined) return (a === null || a === undefined ? 0 : 1) - (b === null || b === undefined ? 0 : 1)
  if (Array.isArray(a) && Array.isArray(b)) return compareKeys(a as ReturnType<typeof naturalKey>, b as ReturnType<typeof naturalKey>)
  return Number(a) - Number(b)
}
