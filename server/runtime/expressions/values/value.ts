import type { Decimal } from 'decimal.js-light'
import type { Duration, EntityRow, FeelValue, Instant, PlainDate, PlainTime } from '../types.ts'
import { isDecimal } from './decimal.ts'

export const instant = (ms: number): Instant => ({ $: 'instant', ms })
export const plainDate = (iso: string): PlainDate => ({ $: 'date', iso })
export const plainTime = (iso: string): PlainTime => ({ $: 'time', iso })
export const durationOf = (months: number, ms: number): Duration => ({ $: 'duration', months, ms })

/** Own `$` only: a context that came from JSON cannot pretend to be a value of the language by its prototype. */
const tag = (value: FeelValue): unknown => (typeof value === 'object' && value !== null && !Array.isArray(value) && !isDecimal(value) ? (value as { $?: unknown }).$ : undefined)

export const isRow = (value: FeelValue): value is EntityRow => tag(value) === 'row'
export const isInstant = (value: FeelValue): value is Instant => tag(value) === 'instant'
export const isDate = (value: FeelValue): value is PlainDate => tag(value) === 'date'
export const isTime = (value: FeelValue): value is PlainTime => tag(value) === 'time'
export const isDuration = (value: FeelValue): value is Duration => tag(value) === 'duration'
export const isNumber = (value: FeelValue): value is Decimal => isDecimal(value)
export const isContext = (value: FeelValue): value is { [key: string]: FeelValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isDecimal(value) && !TAGS.has(tag(value))
const TAGS = new Set<unknown>(['row', 'instant', 'date', 'time', 'duration'])

/** null is the empty list, anything else that is no list is a list of one: so `count(a.b)` works when `a` is null. */
export const asList = (value: FeelValue): FeelValue[] => (Array.isArray(value) ? value : value === null || value === undefined ? [] : [value])
