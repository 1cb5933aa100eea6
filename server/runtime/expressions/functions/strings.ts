import type { Decimal } from 'decimal.js-light'
import { BOOLEAN, listOf, STRING } from '../ir/types.ts'
import type { FeelValue } from '../types.ts'
import { asDouble, decimal, numberText } from '../values/decimal.ts'
import { durationText, instantText } from '../values/temporal.ts'
import { asList, isDate, isDuration, isInstant, isNumber, isRow, isTime } from '../values/value.ts'
import { define } from './define.ts'
import type { Builtin } from './define.ts'

const points = (text: string): string[] => Array.from(text)
// eslint-disable-next-line no-control-regex
const ONE_UNIT_EACH = /^[\u0000-\ud7ff]*$/
let [asked, answer] = ['', true]
/** Whether each character is one unit; loops ask it of the same text for each of its characters. */
const isPlain = (text: string): boolean => {
  if (text !== asked) [asked, answer] = [text, ONE_UNIT_EACH.test(text)]
  return answer
}
const lengthOf = (text: string): number => (isPlain(text) ? text.length : points(text).length)

/** What a person would write: no exponent, instants in the zone's offset. null for null. */
export const textOf = (value: FeelValue, zone: string): string | null => {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (isNumber(value)) return numberText(value)
  if (isInstant(value)) return instantText(value.ms, zone)
  if (isDate(value) || isTime(value)) return value.iso
  if (isDuration(value)) return durationText(value)
  if (isRow(value)) return value.id
  if (Array.isArray(value)) return `[${value.map((item) => textOf(item, zone) ?? 'null').join(', ')}]`
  return `{${Object.entries(value).map(([key, item]) => `${key}: ${textOf(item, zone) ?? 'null'}`).join(', ')}}`
}

/** From 1, or from the end; null where there is no such place. */
export const substring = (text: string, start: number, length: number | undefined): string | null => {
  if (!Number.isInteger(start) || start === 0) return null
  const all = isPlain(text) ? text : points(text)
  const from = start > 0 ? start - 1 : Math.max(0, all.length + start)
  const part = all.slice(from, length === undefined ? undefined : from + Math.max(0, Math.floor(length)))
  return typeof part === 'string' ? part : part.join('')
}

/**
 * `head:stars:tail`: that many characters stay readable at both ends. Stars is a number, or `*` for one per hidden character.
 * A text too short to hide anything is hidden whole. "none" shows all.
 */
export const mask = (text: string, pattern: string): string | null => {
  if (pattern === 'none') return text
  const m = /^(\d+):(\d+|\*):(\d+)$/.exec(pattern)
  if (!m) return null
  const all = points(text)
  const [head, tail] = [Number(m[1]), Number(m[3])]
  if (all.length <= head + tail) return '*'.repeat(all.length)
  const stars = m[2] === '*' ? all.length - head - tail : Number(m[2])
  return all.slice(0, head).join('') + '*'.repeat(stars) + all.slice(all.length - tail).join('')
}

const s = (value: FeelValue | undefined): string => value as string

/** `matches`, `replace` and `split` take a compiled pattern: the compiler hands it to them (call node `regex`). */
export const STRINGS: Builtin[] = [
  define('string(from: any)', STRING, ([from], env) => textOf(from!, env.zone)),
  define('string length(string: string)', { kind: 'number', scale: 0 }, ([text]) => decimal(lengthOf(s(text)))),
  define('substring(string: string, start: number, length?: number)', STRING, ([text, start, length]) =>
    substring(s(text), asDouble(start as Decimal), length === undefined ? undefined : asDouble(length as Decimal))),
  define('upper case(string: string)', STRING, ([text]) => s(text).toUpperCase()),
  define('lower case(string: string)', STRING, ([text]) => s(text).toLowerCase()),
  define('contains(string: string, match: string)', BOOLEAN, ([text, match]) => s(text).includes(s(match))),
  define('starts with(string: string, match: string)', BOOLEAN, ([text, match]) => s(text).startsWith(s(match))),
  define('ends with(string: string, match: string)', BOOLEAN, ([text, match]) => s(text).endsWith(s(match))),
  define('string join(list: list, delimiter?: string)', STRING, ([list, delimiter], env) =>
    asList(list!).filter((item) => item !== null).map((item) => textOf(item, env.zone)).join(typeof delimiter === 'string' ? delimiter : ''), { strict: false }),
  define('mask(string: string, mask: string)', STRING, ([text, pattern]) => mask(s(text), s(pattern))),
  define('matches(input: string, pattern: string, flags?: string)', BOOLEAN, () => null),
  define('replace(input: string, pattern: string, replacement: string, flags?: string)', STRING, () => null),
  define('split(string: string, delimiter: string)', listOf(STRING), () => null),
]
export const PATTERN_FUNCTIONS = new Set(['matches', 'replace', 'split'])

export const runPattern = (fn: string, args: FeelValue[], regex: RegExp): FeelValue => {
  const text = s(args[0])
  if (fn === 'matches') return regex.test(text)
  if (fn === 'split') return text.split(regex)
  return typeof args[2] === 'string' ? text.replace(new RegExp(regex.source, `${regex.flags}g`), args[2]) : null
}
