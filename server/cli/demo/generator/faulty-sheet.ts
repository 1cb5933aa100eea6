import { seededRandom } from '#server/platform/random.ts'
import { writeLooseSheet } from '#server/runtime/records/excel/fixtures/loose-sheet.ts'
import type { LooseValue } from '#server/runtime/records/excel/fixtures/loose-sheet.ts'

export type FaultCategory =
  | 'numeric-id' | 'wrong-checksum' | 'missing-value' | 'duplicate-in-file' | 'unknown-major' | 'stray-space' | 'line-break' | 'wrong-label'
  | 'unknown-person' | 'wrong-name' | 'unknown-certificate' | 'unknown-site' | 'unknown-ticket' | 'score-out-of-range' | 'score-not-a-number'

export interface ExpectedRow {
  /** as Excel shows it */
  row: number
  outcome: 'ok' | FaultCategory
  /** field the reason is about */
  field?: string
  /** natural key of the person or ticket meant */
  key: string
}

type Row<F extends string> = Record<F, LooseValue>
export interface Fault<F extends string> { field?: F; apply(row: Row<F>, firstGood: Row<F>): Row<F> }

export interface SheetOptions<F extends string, C extends FaultCategory = FaultCategory> {
  /** column titles in order, as the template writes them; fields without a title are left out */
  titles: Partial<Record<F, string>>
  seed?: number
  /** how many rows get which fault; the first row is always good */
  faults?: Partial<Record<C, number>>
  /** lines above the header */
  above?: readonly string[]
  blankRows?: number
  sheet?: string
}

export interface FaultySheet<F extends string, C extends FaultCategory> {
  rows: readonly Row<F>[]
  keyOf(row: Row<F>): string
  faults: Readonly<Record<C, Fault<F>>>
}

/** Row index → fault, spread over all rows but the first. */
const placeFaults = <C extends FaultCategory>(count: number, wanted: Partial<Record<C, number>>, seed: number): Map<number, C> => {
  const kinds = (Object.entries(wanted) as [C, number][]).flatMap(([category, n]) => Array.from({ length: n }, () => category))
  if (kinds.length > Math.max(0, count - 1)) throw new RangeError(`${kinds.length} faults do not fit into ${count} rows; the first row stays good`)
  const places = seededRandom(seed).shuffle(Array.from({ length: Math.max(0, count - 1) }, (_, i) => i + 1))
  return new Map(kinds.map((category, i) => [places[i] as number, category]))
}

/** Writes the rows with the faults asked for and says what must become of each of them. */
export const writeFaultySheet = async <F extends string, C extends FaultCategory>(path: string, source: FaultySheet<F, C>, options: SheetOptions<F, C>): Promise<ExpectedRow[]> => {
  const fields = Object.keys(options.titles) as F[]
  const above = options.above ?? []
  const places = placeFaults(source.rows.length, options.faults ?? {}, options.seed ?? 1)
  const expected: ExpectedRow[] = []
  const lines = function* (): Generator<LooseValue[]> {
    for (const line of above) yield [line]
    yield fields.map((field) => options.titles[field] ?? '')
    for (const [i, row] of source.rows.entries()) {
      const category = places.get(i)
      const fault = category === undefined ? undefined : source.faults[category]
      const written = fault ? fault.apply({ ...row }, source.rows[0] as Row<F>) : row
      expected.push({ row: above.length + 2 + i, outcome: category ?? 'ok', key: source.keyOf(row), ...(fault?.field ? { field: fault.field } : {}) })
      yield fields.map((field) => written[field])
    }
  }
  await writeLooseSheet(path, { title: options.sheet ?? 'Sheet1', rows: lines(), blankRows: options.blankRows ?? 5 })
  return expected
}

/** Sets one field. */
export const fault = <F extends string>(field: NoInfer<F>, change: (value: LooseValue, firstGood: LooseValue) => LooseValue): Fault<F> => ({
  field,
  apply: (row, firstGood) => ({ ...row, [field]: change(row[field], firstGood[field]) }),
})

/** An id typed into a cell that Excel took for a number: its last digits are gone. */
export const asNumber = (value: LooseValue): number => Number(String(value).replace(/\D/g, ''))
