import { FeelRuntimeError } from '../errors.ts'
import type { FeelType, FeelValue } from '../types.ts'
import { daysOfIso } from './civil.ts'
import { decimal } from './decimal.ts'
import { durationText, instantText, parseDuration, parseInstant, parseTime, timeText } from './temporal.ts'
import { instant, isDate, isDuration, isInstant, isNumber, isRow, isTime, plainDate, plainTime } from './value.ts'

const ZONE = 'Asia/Shanghai'
const refuse = (value: unknown, kind: string): never => {
  throw new FeelRuntimeError(`${JSON.stringify(value)} is no ${kind}.`)
}

/**
 * A JSON value as the records hold it to a FEEL value of that type. Dates and times are RFC 3339 texts, an instant may also be ms UTC;
 * a reference is an id. Members called `$` are dropped: JSON must not pass for a record or another value of the language. Throws FeelRuntimeError for a value that is not of the type.
 */
export const toFeel = (value: unknown, type: FeelType, zone = ZONE): FeelValue => {
  if (value === null || value === undefined) return null
  switch (type.kind) {
    case 'any': case 'null': return loose(value)
    case 'boolean': return typeof value === 'boolean' ? value : value === 1 || value === 0 ? value === 1 : refuse(value, 'boolean')
    case 'number': return toNumber(value)
    case 'string': return typeof value === 'string' ? value : refuse(value, 'string')
    case 'date': return typeof value === 'string' && daysOfIso(value) !== null ? plainDate(value) : refuse(value, 'date (YYYY-MM-DD)')
    case 'time': {
      const ms = typeof value === 'string' ? parseTime(value) : null
      return ms === null || ms === 86_400_000 ? refuse(value, 'time (HH:mm:ss)') : plainTime(timeText(ms))
    }
    case 'date-time': {
      const ms = typeof value === 'number' ? value : typeof value === 'string' ? parseInstant(value, zone) : null
      return ms === null ? refuse(value, 'date-time (RFC 3339)') : instant(ms)
    }
    case 'duration': return (typeof value === 'string' ? parseDuration(value) : null) ?? refuse(value, 'duration (ISO 8601)')
    case 'entity': return typeof value === 'object' ? refuse(value, 'id') : { $: 'row', entity: type.entity, id: String(value) }
    case 'list': return Array.isArray(value) ? value.map((item) => toFeel(item, type.of, zone)) : refuse(value, 'list')
    case 'context': {
      if (typeof value !== 'object' || Array.isArray(value)) return refuse(value, 'object')
      const made = Object.create(null) as { [key: string]: FeelValue }
      for (const [key, item] of Object.entries(value)) if (key !== '$') made[key] = toFeel(item, Object.hasOwn(type.fields, key) ? type.fields[key]! : { kind: 'any' }, zone)
      return made
    }
  }
}

const toNumber = (value: unknown): FeelValue => {
  if (typeof value === 'number' && Number.isFinite(value)) return decimal(value)
  if (typeof value === 'bigint') return decimal(value.toString())
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? decimal(value) : refuse(value, 'number')
}

const loose = (value: unknown): FeelValue => {
  if (value === null || value === undefined) return null
  if (typeof value === 'number' || typeof value === 'bigint') return toNumber(value)
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(loose)
  const made = Object.create(null) as { [key: string]: FeelValue }
  for (const [key, item] of Object.entries(value)) if (key !== '$') made[key] = loose(item)
  return made
}

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }

/**
 * The way back: numbers become JSON numbers,
 * instants RFC 3339 with the zone's offset, references ids. With a scale the number is rounded half up to it.
 */
export const fromFeel = (value: FeelValue, type: FeelType = { kind: 'any' }, zone = ZONE): JsonValue => {
  if (value === null || value === undefined) return null
  if (isNumber(value)) {
    const scale = type.kind === 'number' && 'scale' in type ? type.scale : undefined
    return Number((scale === undefined ? value : value.toDecimalPlaces(scale, 4)).toString()) + 0
  }
  if (typeof value !== 'object') return value
  if (isInstant(value)) return instantText(value.ms, zone)
  if (isDate(value) || isTime(value)) return value.iso
  if (isDuration(value)) return durationText(value)
  if (isRow(value)) return value.id
  if (Array.isArray(value)) return value.map((item) => fromFeel(item, type.kind === 'list' ? type.of : undefined, zone))
  const made: { [key: string]: JsonValue } = {}
  for (const [key, item] of Object.entries(value)) {
    // a key called __proto__ must not become the prototype of what is stored
    if (key !== '__proto__') made[key] = fromFeel(item, type.kind === 'context' && Object.hasOwn(type.fields, key) ? type.fields[key] : undefined, zone)
  }
  return made
}
