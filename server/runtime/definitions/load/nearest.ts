const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length] ?? 0
}

/** The known word closest to a mistyped one; undefined when none is close enough to be meant. */
export const nearest = (word: string, known: Iterable<string>): string | undefined => {
  let best: string | undefined
  let least = Math.max(2, Math.floor(word.length / 2)) + 1
  for (const candidate of known) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase())
    if (d < least) { least = d; best = candidate }
  }
  return best
}

export const suggest = (word: string, known: Iterable<string>): string => {
  const names = [...known]
  const close = nearest(word, names)
  return close ? `did you mean "${close}"?` : names.length === 0 ? 'none are declared' : `use one of: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ' …' : ''}`
}
