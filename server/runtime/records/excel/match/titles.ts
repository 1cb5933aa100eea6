/** Columns that the file of failed rows adds; such a file may be corrected and sent in again. */
export const ROW_TITLE = '原行号'
export const REASON_TITLE = '失败原因'

// zero-width characters travel with text copied from web pages and chat programs
const INVISIBLE = /[\s\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF\u00AD]/g

/** A title for comparison: without the star of required columns, spaces and the difference of full and half width. */
export const normaliseTitle = (text: string): string => text.normalize('NFKC').replace(INVISIBLE, '').replace(/^\*+|\*+$/g, '')

const distance = (a: string, b: string): number => {
  const left = [...a]
  const right = [...b]
  let row = right.map((_, i) => i + 1)
  left.forEach((x, i) => {
    let corner = i
    let before = i + 1
    row = row.map((up, j) => {
      const value = Math.min(up + 1, before + 1, corner + (x === right[j] ? 0 : 1))
      corner = up
      before = value
      return value
    })
  })
  return row.at(-1) ?? left.length
}

/** 0 (nothing in common) to 1 (equal); a title that contains the other counts as near. */
export const likeness = (a: string, b: string): number => {
  const longest = Math.max([...a].length, [...b].length)
  if (longest === 0) return 1
  const near = 1 - distance(a, b) / longest
  return a !== b && a !== '' && b !== '' && (a.includes(b) || b.includes(a)) ? Math.max(near, 0.7) : near
}
