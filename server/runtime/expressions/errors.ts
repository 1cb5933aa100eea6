import type { FeelProblem } from './types.ts'

/** A text that is no valid expression of the profile; carries every problem found, in order of position. */
export class FeelError extends Error {
  readonly problems: FeelProblem[]
  constructor(text: string, problems: FeelProblem[]) {
    const one = (p: FeelProblem): string => `${p.line}:${p.column} ${p.message} ${p.fix}`
    super(`${problems.map(one).join('; ')} — in FEEL: ${text.length > 200 ? `${text.slice(0, 200)}…` : text}`)
    this.name = 'FeelError'
    this.problems = problems
  }
}

/** A value that no definition check could foresee: a text too long for its pattern, a loop without end, a duration of months in SQL. */
export class FeelRuntimeError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'FeelRuntimeError'
  }
}

export interface Span { from: number; to: number }

/** Line and column count from 1. */
export const problemAt = (text: string, span: Span, message: string, fix: string): FeelProblem => {
  const from = Math.min(span.from, text.length)
  const before = text.slice(0, from)
  const line = before.split('\n').length
  return { message, fix, from, to: Math.min(span.to, text.length), line, column: from - before.lastIndexOf('\n') }
}

const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1]!.toLowerCase() === b[j - 1]!.toLowerCase() ? 0 : 1))
    }
    row = next
  }
  return row[b.length]!
}

/** The at most `count` known names that look most like the unknown one; all of them, sorted, when none does. */
export const nearest = (unknown: string, known: Iterable<string>, count = 5): string[] => {
  const scored = [...new Set(known)].map((name) => ({ name, d: distance(unknown, name) - (name.startsWith(unknown) || unknown.startsWith(name) ? 2 : 0) }))
  const close = scored.filter(({ name, d }) => d <= Math.max(2, Math.floor(Math.max(unknown.length, name.length) / 2)))
  const pool = close.length > 0 ? close.sort((a, b) => a.d - b.d) : scored.sort((a, b) => a.name.localeCompare(b.name))
  return pool.slice(0, close.length > 0 ? count : 30).map(({ name }) => name)
}
