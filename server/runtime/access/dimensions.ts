import type { Dict } from '#server/runtime/definitions/model.ts'

const TOKEN = /"(?:[^"\\]|\\.)*"|[\p{L}_$][\p{L}\p{N}_$]*|\s+|[!<>]=|./gu
const isSpace = (t: string | undefined): boolean => t !== undefined && /^\s+$/.test(t)

/** End (exclusive) of the operand that starts at `i`: a path, a call or a bracket. */
function operandEnd(tokens: string[], i: number): number {
  const closes: Dict<string> = { '(': ')', '[': ']' }
  let k = i
  while (k < tokens.length) {
    const t = tokens[k]!
    const close = closes[t]
    if (close) {
      for (let depth = 0; k < tokens.length; k++) {
        if (tokens[k] === t) depth++
        if (tokens[k] === close && --depth === 0) break
      }
      k++
    } else if (t === '.') { k++; continue } else if (/^[\p{L}_$"]/u.test(t)) k++
    else break
    if (tokens[k] !== '.' && !closes[tokens[k] ?? '']) break
  }
  return k
}

const WORDS = new Set(['and', 'or', 'in', 'if', 'then', 'else', 'satisfies', 'some', 'every', 'between', 'return', 'for'])
const isWord = (t: string | undefined): boolean => t !== undefined && /^[\p{L}_$]/u.test(t) && !WORDS.has(t)

/** The function call around token `i` as [first, end), when that token is one of its arguments. */
function callAround(tokens: string[], i: number): [number, number] | null {
  let depth = 0
  for (let k = i - 1; k >= 0; k--) {
    if (tokens[k] === ')') depth++
    if (tokens[k] !== '(' || depth-- > 0) continue
    let first = k
    for (let n = k - 1; n >= 0 && (isSpace(tokens[n]) || isWord(tokens[n])); n--) if (isWord(tokens[n])) first = n
    return first === k || (first === k - 1 && tokens[first] === 'not') ? null : [first, operandEnd(tokens, k)]
  }
  return null
}

/**
 * A role's condition over dimensions, written for an entity's paths. `school = user.org` with school at two paths becomes
 * `(a = user.org) or (b = user.org)`; a path through an array becomes `some d in path satisfies …`; a dimension at "*"
 * does not limit this entity: its comparison is true.
 */
export function overDimensions(where: string, scope: Dict<string[]>, isList: (path: string) => boolean = () => false): string {
  const tokens = where.match(TOKEN) ?? []
  const before = (i: number) => { let k = i - 1; while (isSpace(tokens[k])) k--; return tokens[k] }
  const dimension = (i: number): string | null => (Object.hasOwn(scope, tokens[i]!) && before(i) !== '.' ? tokens[i]! : null)
  const used = [...new Set(tokens.flatMap((_, i) => dimension(i) ?? []))]
  let variants: Dict<string>[] = [{}]
  for (const dim of used) variants = variants.flatMap((v) => scope[dim]!.map((path) => ({ ...v, [dim]: path })))
  const write = (v: Dict<string>): string => {
    const free = tokens.findIndex((_, i) => { const d = dimension(i); return d !== null && v[d] === '*' && callAround(tokens, i) !== null })
    if (free >= 0) {
      const [first, end] = callAround(tokens, free)!
      return overDimensions([...tokens.slice(0, first), 'true', ...tokens.slice(end)].join(''), Object.fromEntries(Object.entries(v).map(([d, path]) => [d, [path]])), isList)
    }
    let out = ''
    const lists: [string, string][] = []
    for (let i = 0; i < tokens.length; i++) {
      const dim = dimension(i)
      const path = dim ? v[dim]! : null
      if (path === '*') {
        let k = i + 1
        while (isSpace(tokens[k])) k++
        k++
        while (isSpace(tokens[k])) k++
        i = operandEnd(tokens, k) - 1
        out += 'true'
      } else if (path && isList(path)) {
        if (!lists.some(([, p]) => p === path)) lists.push([`d${lists.length + 1}`, path])
        out += lists.find(([, p]) => p === path)![0]
      } else out += path ?? tokens[i]!
    }
    return lists.reduce((text, [name, path]) => `(some ${name} in ${path} satisfies (${text}))`, out)
  }
  return variants.length === 1 ? write(variants[0]!) : variants.map((v) => `(${write(v)})`).join(' or ')
}
