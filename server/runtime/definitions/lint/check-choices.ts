import type { EntityDef, PropertyDef } from '../model.ts'
import { suggest } from '../load/nearest.ts'
import { findPath, isTarget } from '../paths.ts'
import type { LintContext, Place } from './context.ts'

const codesOf = (p: PropertyDef): string[] | undefined => p.enum ?? (p.states && !p.options ? Object.keys(p.states) : undefined)

/** A default is one of the choices, and each title belongs to one. */
export const checkChoices = (ctx: LintContext, p: PropertyDef, place: Place): void => {
  const codes = codesOf(p)
  if (!codes) return
  const at = (key: string): Place => ({ ...place, pointer: `${place.pointer}/${key}` })
  if (typeof p.default === 'string' && !codes.includes(p.default)) ctx.report(at('default'), 'meta', `the default "${p.default}" of "${p.name}" is none of its choices`, suggest(p.default, codes))
  for (const code of Object.keys(p.enum ? (p.enumTitles ?? {}) : {})) if (!codes.includes(code)) ctx.report(at(`x-enum-titles/${code}`), 'meta', `"${code}" has a title but is none of the choices of "${p.name}"`, suggest(code, codes))
}

const COMPARED = /(?<![\w."])((?:record\.|old\.|item\.)?[a-z]\w*(?:\.[a-z]\w*)*)\s*(=|!=)\s*"([^"]*)"/g
const AMONG = /(?<![\w."])((?:record\.|old\.)?[a-z]\w*(?:\.[a-z]\w*)*)\s+in\s+\[((?:\s*"[^"]*"\s*,?)+)\]/g

/** Comparisons of a field with a code that it cannot have: always false, which nobody notices. */
export const strangeCodes = (ctx: LintContext, entity: EntityDef, text: string): { path: string; code: string; codes: string[] }[] => {
  const pairs = [...text.matchAll(COMPARED)].map((m): [string, string] => [m[1] ?? '', m[3] ?? ''])
  for (const m of text.matchAll(AMONG)) for (const [, code = ''] of (m[2] ?? '').matchAll(/"([^"]*)"/g)) pairs.push([m[1] ?? '', code])
  return pairs.flatMap(([path, code]) => {
    const own = path.replace(/^(record|old)\./, '')
    if (own.startsWith('item.') || code === '') return []
    const found = findPath(ctx.programme, entity, own)
    const codes = isTarget(found) ? codesOf(found.property) : undefined
    return codes && !codes.includes(code) ? [{ path: own, code, codes }] : []
  })
}

/** Answers of a state's compute that are written out and are no state. */
export const strangeAnswers = (p: PropertyDef): string[] => {
  if (!p.states || !p.compute) return []
  const written = [...p.compute.expr.matchAll(/\b(?:then|else)\s*\(?\s*"([^"]+)"/g)].map((m) => m[1] ?? '')
  return [...new Set(written)].filter((code) => !Object.hasOwn(p.states ?? {}, code))
}
