/** One place of a page's content that names a font or shows text in it. */
export type TextPart = { kind: 'font'; from: number; to: number; font: string } | { kind: 'text'; from: number; to: number; font: string; codes: number[] }

const SPACE = new Set([0, 9, 10, 12, 13, 32])
const DELIMITER = new Set([...'()<>[]{}/%'].map((c) => c.charCodeAt(0)))
const [OPEN, LESS, MORE, SLASH, PERCENT] = [...'(<>/%'].map((c) => c.charCodeAt(0)) as [number, number, number, number, number]

/**
 * Where a content stream selects fonts (`/F1 12 Tf`) and shows text by hex strings, in order; the font follows q and Q.
 * null = it holds something that is not read here (inline images, text in round brackets).
 */
export function textParts(content: Uint8Array): TextPart[] | null {
  const parts: TextPart[] = []
  const saved: string[] = []
  let font = ''
  let name: { from: number; to: number } | null = null
  let strings: { from: number; to: number }[] = []
  const latin = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  for (let i = 0; i < content.length;) {
    const c = content[i]!
    if (SPACE.has(c)) { i++; continue }
    const from = i
    if (c === OPEN || c === PERCENT) return null
    if (c === LESS && content[i + 1] !== LESS) {
      const end = content.indexOf(MORE, i)
      if (end < 0) return null
      strings.push({ from: i + 1, to: end })
      i = end + 1
      continue
    }
    if (c === LESS) { i += 2; continue }
    if (c !== SLASH && DELIMITER.has(c)) { i++; continue }
    for (i++; i < content.length && !SPACE.has(content[i]!) && !DELIMITER.has(content[i]!);) i++
    if (c === SLASH) { name = { from: from + 1, to: i }; continue }
    if ((c >= 48 && c <= 57) || c === 45 || c === 46 || c === 43) continue
    const operator = latin.toString('latin1', from, i)
    if (operator === 'BI' || operator === "'" || operator === '"') return null
    if (operator === 'q') saved.push(font)
    else if (operator === 'Q') font = saved.pop() ?? ''
    else if (operator === 'Tf' && name) { font = latin.toString('latin1', name.from, name.to); parts.push({ kind: 'font', ...name, font }) }
    else if (operator === 'Tj' || operator === 'TJ') for (const s of strings) parts.push({ kind: 'text', ...s, font, codes: codesOf(latin.toString('latin1', s.from, s.to)) })
    // other operators end their operands, marked content keeps its properties to itself
    strings = []
    name = null
  }
  return parts
}

function codesOf(hex: string): number[] {
  const digits = hex.replace(/\s+/g, '')
  const out: number[] = []
  for (let i = 0; i < digits.length; i += 2) out.push(Number.parseInt(digits.slice(i, i + 2).padEnd(2, '0'), 16))
  return out
}

/** The content with its fonts and codes replaced; both have been seen by `textParts` in the same order. */
export function replaceText(content: Uint8Array, parts: readonly TextPart[], as: (part: TextPart) => string | null): Buffer {
  const out: Uint8Array[] = []
  let at = 0
  for (const part of parts) {
    const text = as(part)
    if (text === null) continue
    out.push(content.subarray(at, part.from), Buffer.from(text, 'latin1'))
    at = part.to
  }
  out.push(content.subarray(at))
  return Buffer.concat(out)
}
