import type { FeelKind, FeelType } from '../types.ts'

export const ANY: FeelType = { kind: 'any' }
export const NULL: FeelType = { kind: 'null' }
export const BOOLEAN: FeelType = { kind: 'boolean' }
export const NUMBER: FeelType = { kind: 'number' }
export const STRING: FeelType = { kind: 'string' }
export const DATE: FeelType = { kind: 'date' }
export const TIME: FeelType = { kind: 'time' }
export const INSTANT: FeelType = { kind: 'date-time' }
export const DURATION: FeelType = { kind: 'duration' }
export const listOf = (of: FeelType): FeelType => ({ kind: 'list', of })

export const open = (type: FeelType): boolean => type.kind === 'any' || type.kind === 'null'

/** Whether `=` between the two can ever be true for values that are not null; a reference is compared as its id. */
export const comparable = (a: FeelType, b: FeelType): boolean => {
  if (open(a) || open(b) || a.kind === b.kind) return true
  const texts = new Set<string>(['string', 'entity'])
  return texts.has(a.kind) && texts.has(b.kind)
}

/** The type of a value that is one or the other. */
export const join = (a: FeelType, b: FeelType): FeelType => {
  if (a.kind === 'null') return b
  if (b.kind === 'null') return a
  if (a.kind === 'entity' && b.kind === 'entity') return a.entity === b.entity ? a : ANY
  if (a.kind === 'list' && b.kind === 'list') return listOf(join(a.of, b.of))
  if (a.kind === 'number' && b.kind === 'number') {
    return 'scale' in a && 'scale' in b && a.scale !== undefined && b.scale !== undefined ? { kind: 'number', scale: Math.max(a.scale, b.scale) } : NUMBER
  }
  if (a.kind === b.kind) return a.kind === 'context' ? ANY : a
  return comparable(a, b) && !open(a) && !open(b) ? STRING : ANY
}

export const typeText = (type: FeelType): string => {
  if (type.kind === 'entity') return `record of ${type.entity}`
  return type.kind === 'list' ? `list of ${typeText(type.of)}` : type.kind
}
export const isKind = (type: FeelType, ...kinds: (FeelKind | 'entity' | 'list' | 'context')[]): boolean => open(type) || kinds.includes(type.kind as FeelKind)
