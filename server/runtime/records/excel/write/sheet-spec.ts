export type WriteValue = string | number | boolean | null | undefined
export interface WriteColumn {
  title: string
  /** default `text`: ids, codes and names stay as they are; `date` takes 2026-03-01 or 2026-03-01T09:30:00; `given`: numbers stay numbers, all else is text; `remark`: red text over several lines */
  kind?: 'text' | 'number' | 'date' | 'given' | 'remark'
  /** decimals shown of a number */
  scale?: number
  /** characters; default from the title */
  width?: number
  /** drop-down of allowed labels */
  values?: readonly string[]
}

export interface SheetHead {
  title: string
  columns: readonly WriteColumn[]
  /** time stamped into the file, ms UTC */
  at: number
}
type Each<T> = AsyncIterable<T> | Iterable<T>
/** Values in column order. */
export type Rows = Each<readonly WriteValue[]>
/** The same, many at once: a wait for each row costs more than writing it. */
export type Batches = Each<readonly (readonly WriteValue[])[]>
