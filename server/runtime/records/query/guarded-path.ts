import { accessOf } from '#server/runtime/access/index.ts'
import type { EntityDef } from '#server/runtime/definitions/index.ts'
import type { FactLoader } from '../facts/loader.ts'

/** Entities a path comes by and what is left of it there: "entry.candidate.name" is entry's, candidate's and the own entity's business. */
export function hopsOf(loader: FactLoader, def: EntityDef, path: string): { def: EntityDef; rest: string; before: string }[] {
  const out = [{ def, rest: path, before: '' }]
  let at = def
  let level = def.properties
  const steps = path.split('.')
  for (const [i, raw] of steps.entries()) {
    const name = raw.replace(/\[\]$/, '')
    const prop = level[name]
    const inverse = level === at.properties ? at.inverses[name] : undefined
    const inner = prop?.kind === 'array' && prop.items ? prop.items : prop
    const next = inner?.ref?.entity ?? (prop ? undefined : inverse?.entity) ?? (prop || level !== at.properties ? undefined : ({ org: 'core/organisation', createdBy: 'core/user' } as Record<string, string>)[name])
    if (next) { at = loader.definition(next); level = at.properties } else level = inner?.properties ?? {}
    if (next && i < steps.length - 1) out.push({ def: at, rest: steps.slice(i + 1).join('.'), before: steps.slice(0, i + 1).join('.') })
  }
  return out
}

const covers = (rule: string, path: string): boolean => path === rule || path.startsWith(`${rule}.`) || path.startsWith(`${rule}[`)

/** Whether a field on the way is or may be hidden from the asking role: it can be neither filtered, sorted nor counted by. */
export const isGuarded = (loader: FactLoader, def: EntityDef, path: string): boolean => hasRule(loader, def, path, (f) => Boolean(f.hidden))
/** Whether the asking role sees a field on the way with stars only: an order or a part of it would tell what they cover. */
export const isMasked = (loader: FactLoader, def: EntityDef, path: string): boolean => hasRule(loader, def, path, (f) => Boolean(f.mask))

function hasRule(loader: FactLoader, def: EntityDef, path: string, meant: (rule: { hidden?: unknown; mask?: string }) => boolean): boolean {
  const { programme, session } = loader.context
  return hopsOf(loader, def, path).some((hop) =>
    Object.entries(accessOf(programme, hop.def, String(session['role'] ?? ''))?.fields ?? {}).some(([rule, f]) => meant(f) && covers(rule, hop.rest)))
}
