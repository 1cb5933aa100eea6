import type { FeelValue } from '../types.ts'
import { isContext, isDate, isDuration, isInstant, isNumber, isTime } from '../values/value.ts'

const TESTS: Record<string, (value: FeelValue) => boolean> = {
  any: (value) => value !== null,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: isNumber,
  date: isDate,
  time: isTime,
  'date and time': isInstant,
  duration: isDuration,
  'days and time duration': (value) => isDuration(value) && value.months === 0,
  'years and months duration': (value) => isDuration(value) && value.ms === 0,
  list: Array.isArray,
  context: isContext,
}
export const INSTANCE_TYPES = Object.keys(TESTS)
const normal = (type: string): string => type.replace(/<.*$/s, '').replace(/\s+/g, ' ').trim().toLowerCase()
export const isInstanceType = (type: string): boolean => Object.hasOwn(TESTS, normal(type))
export const instanceOf = (value: FeelValue, type: string): boolean => TESTS[normal(type)]?.(value) ?? false
