const AROUND = 8
const SMALL = 60

/** Which rows of a scrolled table are in the page, and the height of those left out above and below. Small tables are whole. */
export const visibleRows = (count: number, top: number, rowPx: number, viewPx: number): { first: number; last: number; before: number; after: number } => {
  if (count <= SMALL) return { first: 0, last: count, before: 0, after: 0 }
  const first = Math.max(0, Math.min(count, Math.floor(top / rowPx)) - AROUND)
  const last = Math.min(count, Math.ceil((top + viewPx) / rowPx) + AROUND)
  return { first, last, before: first * rowPx, after: (count - last) * rowPx }
}
