import type { SqlParam, SqlText } from '../types.ts'

/** SQL text with its parameters in order of appearance. */
export type Frag = SqlText
export const raw = (sql: string): Frag => ({ sql, params: [] })
export const param = (one: SqlParam): Frag => ({ sql: '?', params: [one] })

/** Joins text and fragments; a plain string in a hole is text of ours (an operator, a quoted identifier), never a value. */
export const sql = (texts: TemplateStringsArray, ...holes: (Frag | string)[]): Frag => {
  let text = texts[0]!
  const params: SqlParam[] = []
  holes.forEach((hole, i) => {
    if (typeof hole === 'string') text += hole
    else {
      text += hole.sql
      for (const each of hole.params) params.push(each)
    }
    text += texts[i + 1]!
  })
  return { sql: text, params }
}

export const joined = (parts: Frag[], between: string): Frag => ({ sql: parts.map((p) => p.sql).join(between), params: parts.flatMap((p) => p.params) })

export const TRUE = raw('1 = 1')
export const FALSE = raw('1 = 0')
export const all = (parts: Frag[]): Frag => (parts.length === 0 ? TRUE : parts.length === 1 ? parts[0]! : sql`(${joined(parts, ' AND ')})`)
export const anyOf = (parts: Frag[]): Frag => (parts.length === 0 ? FALSE : parts.length === 1 ? parts[0]! : sql`(${joined(parts, ' OR ')})`)

export type ValueKind = 'number' | 'text' | 'id' | 'boolean' | 'date' | 'time' | 'instant' | 'duration' | 'null'
/** A scalar in SQL. Numbers are integers standing for value * 10^scale; instants and durations are ms. */
export interface SqlValue extends Frag {
  kind: ValueKind
  scale: number
  /** never NULL */
  sure?: boolean
  /** a column as it stands: comparisons take its collation and its index */
  column?: boolean
}
export const valueOf = (frag: Frag, kind: ValueKind, more: Partial<SqlValue> = {}): SqlValue => ({ scale: 0, ...frag, kind, ...more })
