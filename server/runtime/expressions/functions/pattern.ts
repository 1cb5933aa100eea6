/** Backtracking stays affordable when (length of the text) ^ (loops + 1) is at most this. */
const BUDGET = 50_000_000
export interface SafePattern { regex: RegExp; limit: number }

/**
 * A pattern that cannot be made to run long: no look-around, no back reference, no loop inside a loop, no alternatives inside a loop,
 * and texts short enough for the loops that remain. Returns the reason when it is refused.
 */
export const safePattern = (pattern: string, flags: string): SafePattern | string => {
  if (pattern.length > 500) return 'it is longer than 500 characters'
  if (/\\[1-9]|\\k</.test(pattern.replace(/\\\\/g, ''))) return 'it has a back reference'
  if (/\(\?(?!:)/.test(pattern.replace(/\\./g, ''))) return 'it has a look-around, a flag or a named group'
  if (/[^ismx]/.test(flags)) return `the flags "${flags}" are unknown`
  const nested = nestedLoop(pattern)
  if (typeof nested === 'string') return nested
  try {
    const regex = new RegExp(pattern, `u${flags.replace(/x/g, '')}`)
    const anchored = pattern.startsWith('^') ? 0 : 1
    return { regex, limit: Math.min(100_000, Math.floor(BUDGET ** (1 / Math.max(1, nested + anchored)))) }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Number of unbounded or wide loops, or why the pattern is refused. */
const nestedLoop = (pattern: string): number | string => {
  const stack: { loops: number; alternatives: boolean }[] = [{ loops: 0, alternatives: false }]
  let last: { loops: number; alternatives: boolean } | null = null
  for (let i = 0; i < pattern.length; i++) {
    const top = stack[stack.length - 1]!
    const char = pattern[i]!
    if (char === '\\') { i++; last = null }
    else if (char === '[') {
      for (i++; i < pattern.length && pattern[i] !== ']'; i++) if (pattern[i] === '\\') i++
      last = null
    } else if (char === '(') { stack.push({ loops: 0, alternatives: false }); last = null }
    else if (char === ')') {
      if (stack.length === 1) return 'a bracket is closed that was not opened'
      last = stack.pop()!
      const outer = stack[stack.length - 1]!
      outer.loops += last.loops
    } else if (char === '|') { top.alternatives = true; last = null }
    else {
      const repeat = /^(?:[*+]|\{\d+(,\d*)?\})/.exec(pattern.slice(i))
      if (!repeat) { if (char !== '?') last = null; continue }
      if (last && (last.loops > 0 || last.alternatives)) return 'it repeats a group that itself repeats or has alternatives'
      if (repeat[0] !== '{' && !/^\{\d+\}$/.test(repeat[0])) top.loops++
      i += repeat[0].length - 1
    }
  }
  return stack[0]!.loops
}
