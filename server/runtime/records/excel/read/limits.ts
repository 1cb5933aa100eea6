/** Bounds of one workbook; what exceeds them is refused, never cut off. */
export interface SheetLimits {
  maxFileBytes: number
  maxEntries: number
  /** all parts together, inflated */
  maxInflatedBytes: number
  maxRatio: number
  /** rows with content */
  maxRows: number
  /** cells with content */
  maxCells: number
  /** characters of one cell; Excel's own bound */
  maxStringLength: number
  /** distinct texts kept in memory; more go to a temporary file */
  stringCacheBytes: number
}

export const SHEET_LIMITS: SheetLimits = {
  maxFileBytes: 30 * 1024 ** 2,
  maxEntries: 2_000,
  maxInflatedBytes: 700 * 1024 ** 2,
  maxRatio: 200,
  maxRows: 200_000,
  maxCells: 6_000_000,
  maxStringLength: 32_767,
  stringCacheBytes: 24 * 1024 ** 2,
}
