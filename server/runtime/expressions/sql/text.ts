import type { Ir } from '../ir/ir.ts'
import { bound, dependsOnRow, derived } from './constant.ts'
import type { Frag, SqlValue } from './fragment.ts'
import { sql } from './fragment.ts'
import type { Frame } from './frame.ts'
import { refuse } from './frame.ts'
import { scalar } from './scalar.ts'

/**
 * Two texts of which neither is a column have the collation of the connection in MySQL, which ignores case;
 * as bytes they compare like a binary collation.
 */
export const sameCollation = (frame: Frame, a: SqlValue, b: SqlValue): [Frag, Frag] => {
  if (frame.target.dialect !== 'mysql' || a.kind !== 'text' || a.column || b.column) return [a, b]
  return [sql`CAST(${a} AS BINARY)`, sql`CAST(${b} AS BINARY)`]
}

/** The least text that is greater than every text with this prefix; null when there is none. */
export const afterPrefix = (prefix: string): string | null => {
  const points = Array.from(prefix, (char) => char.codePointAt(0)!)
  while (points.length > 0) {
    const last = points.pop()!
    if (last >= 0x10ffff) continue
    const next = last === 0xd7ff ? 0xe000 : last + 1
    return String.fromCodePoint(...points, next)
  }
  return null
}

/** `starts with` as a range of the index, `contains` by position. */
export const compareTexts = (fn: 'starts with' | 'contains', text: Ir, match: Ir, frame: Frame, wanted: boolean): Frag => {
  if (dependsOnRow(match, frame)) return refuse(frame, match, `what ${fn} looks for depends on the row.`, 'Look for a fixed text or a parameter.')
  const value = scalar(text, frame)
  if (fn === 'contains') {
    const [hay, needle] = sameCollation(frame, value, bound(match, frame, 'text'))
    return sql`INSTR(${hay}, ${needle}) ${wanted ? '>' : '='} 0`
  }
  const low = bound(match, frame, 'text')
  const high = derived(match, frame, (prefix) => (typeof prefix === 'string' ? afterPrefix(prefix) : null))
  const [a, from] = sameCollation(frame, value, low)
  const to = a === value ? high : sql`CAST(${high} AS BINARY)`
  const endless = derived(match, frame, (prefix) => (typeof prefix === 'string' && afterPrefix(prefix) === null ? 1 : 0))
  return wanted ? sql`(${a} >= ${from} AND (${a} < ${to} OR ${endless} = 1))` : sql`(${a} < ${from} OR ${a} >= ${to})`
}
