export const COLOURS = ['var(--accent)', '#d97706', '#64748b', '#be185d', '#0284c7', '#65a30d', '#7c3aed'] as const
export const colourAt = (index: number): string => COLOURS[index % COLOURS.length] ?? COLOURS[0]

/** The next "round" number at or above a maximum: 1, 2, 2.5 or 5 times a power of ten. */
export const niceMax = (max: number): number => {
  if (!(max > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(max))
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= max) ?? max
}

/** A number cell; anything else counts as 0. */
export const numberOf = (cell: string | number | undefined): number => (typeof cell === 'number' && Number.isFinite(cell) ? cell : 0)
