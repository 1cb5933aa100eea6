// ISO 216 and the Chinese B sizes (GB/T 148 = ISO B), width × height in millimetres.
const PAPERS: Record<string, [number, number]> = {
  A3: [297, 420], A4: [210, 297], A5: [148, 210], A6: [105, 148], B4: [250, 353], B5: [176, 250], Letter: [215.9, 279.4],
}
const MILLIMETRES: Record<string, number> = { mm: 1, cm: 10, in: 25.4, pt: 25.4 / 72 }
const LENGTH = /^(\d+(?:\.\d+)?)(mm|cm|in|pt)$/

export const DEFAULT_MARGINS = '15mm'

function millimetres(text: string): number | null {
  const match = LENGTH.exec(text)
  return match ? Number(match[1]) * (MILLIMETRES[match[2] ?? ''] ?? 0) : null
}

/** Width and height in millimetres of a named paper or of `"90mm 54mm"`; null when it is neither. */
export function pageSizeOf(paper = 'A4', landscape = false): { width: number; height: number } | null {
  const [short, long] = PAPERS[paper] ?? paper.split(/\s+/).map(millimetres)
  if (!short || !long) return null
  return landscape ? { width: Math.max(short, long), height: Math.min(short, long) } : { width: short, height: long }
}

export const isMargins = (text: string): boolean => {
  const parts = text.trim().split(/\s+/)
  return parts.length <= 4 && parts.every((part) => part === '0' || millimetres(part) !== null)
}

/** Margins top, right, bottom, left in millimetres. */
export function marginsOf(text = DEFAULT_MARGINS): [number, number, number, number] {
  const parts = text.trim().split(/\s+/).map((part) => (part === '0' ? 0 : millimetres(part) ?? 0))
  const [top = 0, right = top, bottom = top, left = right] = parts
  return [top, right, bottom, left]
}
