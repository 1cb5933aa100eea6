export type CellKind = 'string' | 'number' | 'boolean' | 'date' | 'error' | 'formula' | 'empty'

export interface Cell {
  kind: CellKind
  /** string: as typed; number: shortest decimal; boolean: TRUE/FALSE; date: 2026-03-01, 2026-03-01T09:30:00 or 09:30:00; error: #N/A */
  text: string
  /** number, and the serial of a date */
  number?: number
  /** kind of a formula's stored result; `empty` = the writing program stored none */
  cached?: Exclude<CellKind, 'formula'>
  /** the number format pads with zeros (000000): the sheet shows other digits than the value has */
  padded?: boolean
}

export interface SheetRow {
  /** as Excel shows it, from 1 */
  row: number
  /** by column from 1 (A); cells without content are left out */
  cells: { [col: number]: Cell }
}

export interface MergedRange { top: number; left: number; bottom: number; right: number }

/** A: 1, Z: 26, AA: 27. */
export const columnNumber = (letters: string): number => {
  let n = 0
  for (let i = 0; i < letters.length; i++) n = n * 26 + letters.charCodeAt(i) - 64
  return n
}

export const columnLetters = (column: number): string =>
  column <= 0 ? '' : columnLetters(Math.floor((column - 1) / 26)) + String.fromCharCode(65 + ((column - 1) % 26))
