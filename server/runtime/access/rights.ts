import { overDimensions } from './dimensions.ts'
import type { AccessDef, EntityDef, ProgrammeDef, RoleDef } from '#server/runtime/definitions/model.ts'

/** A role and what it extends, nearest first. */
export function roleChain(programme: ProgrammeDef, role: string): RoleDef[] {
  const chain: RoleDef[] = []
  for (let at = programme.roles[role]; at && chain.length < 10; at = at.extends ? programme.roles[at.extends] : undefined) chain.push(at)
  return chain
}

/** What the role may do with the entity: its own entry, else the nearest it extends; null = nothing. */
export function accessOf(programme: ProgrammeDef, def: EntityDef, role: string): AccessDef | null {
  for (const r of roleChain(programme, role)) {
    const found = def.form.access[r.id]
    if (found) return found
  }
  return null
}

export function may(programme: ProgrammeDef, def: EntityDef, role: string, verb: string): boolean {
  const can = accessOf(programme, def, role)?.can ?? []
  return can.includes('*') || can.includes(verb) || (verb.includes(':') && can.includes(`${verb.split(':')[0]}:*`))
}

/** Whether `role` counts as one of `roles` (itself or something it extends). */
export const isOneOf = (programme: ProgrammeDef, role: string, roles: string[] | undefined): boolean =>
  !roles || roles.length === 0 || roleChain(programme, role).some((r) => roles.includes(r.id))

function isListPath(programme: ProgrammeDef, def: EntityDef, path: string): boolean {
  let level = def.properties
  for (const name of path.split('.')) {
    const p = level[name]
    if (!p) return false
    if (p.kind === 'array') return true
    level = p.ref ? (programme.entities[p.ref.entity]?.properties ?? {}) : (p.properties ?? {})
  }
  return false
}

/**
 * The FEEL conditions a row must meet for the role: each role's `where` over dimensions, written out for this entity's paths,
 * and the entity's own `where`. All must hold. null = no row at all (deny by default).
 */
export function rowConditions(programme: ProgrammeDef, def: EntityDef, role: string): string[] | null {
  const access = accessOf(programme, def, role)
  if (!access) return null
  const out: string[] = []
  for (const r of roleChain(programme, role)) if (r.where) out.push(overDimensions(r.where, { ...def.form.scope, ...access.scope }, (path) => isListPath(programme, def, path)))
  if (access.where) out.push(access.where)
  return out
}
