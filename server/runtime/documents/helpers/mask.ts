/**
 * `head:stars:tail` as in form definitions: `3:5:4` on an 18-digit number → `370*****6532`; `*` stars = one per hidden character.
 * A text too short to hide anything is hidden whole, so a mask never shows more than it says.
 */
export function maskText(value: unknown, pattern: string): string {
  if (value === null || value === undefined || value === '') return ''
  if (pattern === 'none') return String(value)
  const match = /^(\d+):(\d+|\*):(\d+)$/.exec(pattern)
  if (!match) throw new Error(`"${pattern}" is no mask (expected head:stars:tail, such as 3:5:4, or none)`)
  const characters = [...String(value)]
  const [head, tail] = [Number(match[1]), Number(match[3])]
  if (head + tail >= characters.length) return '*'.repeat(characters.length)
  const stars = match[2] === '*' ? characters.length - head - tail : Number(match[2])
  return characters.slice(0, head).join('') + '*'.repeat(stars) + (tail > 0 ? characters.slice(-tail).join('') : '')
}
