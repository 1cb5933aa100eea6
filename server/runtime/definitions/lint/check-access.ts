import type { AccessDef, EntityDef, RoleDef } from '../model.ts'
import { entitiesOf } from '../entities.ts'
import { suggest } from '../load/nearest.ts'
import { checkFields } from './check-form.ts'
import type { LintContext, Place } from './context.ts'
import { ANY } from '../feel/types.ts'
import { LIST_ROWS, listNames } from './names.ts'

const VERBS = ['*', 'read', 'create', 'edit', 'delete', 'export', 'unmask', 'import', 'action', 'outcome', 'document', 'report', 'lookup', 'sign']

const chainOf = (ctx: LintContext, role: string): RoleDef[] => {
  const chain: RoleDef[] = []
  for (let r = ctx.programme.roles[role]; r && !chain.includes(r); r = r.extends === undefined ? undefined : ctx.programme.roles[r.extends]) chain.push(r)
  return chain
}

/** Dimensions a role's conditions stand on: the bare names of its `where` that some form's scope declares. */
const dimensionsOf = (ctx: LintContext, dimensions: string[]): Map<string, string[]> => {
  const names = Object.fromEntries(dimensions.map((d) => [d, ANY]))
  return new Map(Object.values(ctx.programme.roles).map((role) => {
    const expression = ctx.feel(role.where, { artefact: 'roles', pointer: `/${role.id}/where`, names })
    return [role.id, expression ? [...new Set(expression.reads.map((r) => r.root).filter((root) => dimensions.includes(root)))] : []]
  }))
}

const checkCan = (ctx: LintContext, e: EntityDef, can: string[], place: Place): void => {
  const members: Record<string, string[]> = { import: Object.keys(e.form.imports), action: Object.keys(e.form.actions), document: Object.keys(e.form.documents), report: Object.keys(e.form.reports), lookup: Object.keys(e.form.lookups), export: Object.keys(e.form.exports) }
  for (const right of can) {
    const [verb = '', id] = right.split(':')
    if (!VERBS.includes(verb)) ctx.report(place, 'right-unknown', `there is no right "${right}"`, suggest(verb, VERBS))
    else if (id !== undefined && id !== '*' && members[verb] && !members[verb].includes(id)) ctx.report(place, 'right-unknown', `${e.id} has no ${verb} "${id}"`, suggest(id, members[verb]))
  }
}

const checkAccess = (ctx: LintContext, e: EntityDef, role: string, access: AccessDef, dimensions: Map<string, string[]>): void => {
  const place: Place = { artefact: `form:${e.id}`, pointer: `/access/${role}` }
  ctx.knowsRole(role, place)
  checkCan(ctx, e, access.can, { ...place, pointer: `${place.pointer}/can` })
  const own = { ...place, self: e.id, names: listNames(e) }
  ctx.feel(access.where, { ...own, pointer: `${place.pointer}/where`, sql: true, queryRows: LIST_ROWS })
  for (const [path, f] of Object.entries(access.fields)) {
    checkFields(ctx, e, [path], { ...place, pointer: `${place.pointer}/fields/${path}` })
    for (const key of ['hidden', 'readOnly'] as const) { const text = f[key]; if (typeof text === 'string') ctx.feel(text, { ...own, pointer: `${place.pointer}/fields/${path}/${key}` }) }
  }
  for (const [dimension, paths] of Object.entries(access.scope ?? {})) for (const path of paths) if (path !== '*') ctx.path(e, path, { ...place, pointer: `${place.pointer}/scope/${dimension}` })
  if (access.can.length === 0) return
  const complete = chainOf(ctx, role).every((r) => (dimensions.get(r.id) ?? []).every((d) => d in e.form.scope || d in (access.scope ?? {})))
  if (complete) for (const text of ctx.options.rowConditions?.(ctx.programme, e, role) ?? []) ctx.feel(text, { ...own, sql: true, queryRows: LIST_ROWS, expect: 'boolean' })
  for (const r of chainOf(ctx, role)) {
    for (const dimension of dimensions.get(r.id) ?? []) {
      if (dimension in e.form.scope || dimension in (access.scope ?? {})) continue
      ctx.report(place, 'scope-missing', `role "${role}" is limited by "${dimension}", which ${e.id} does not have: the limit would not hold here`, `add "${dimension}" to scope: the path to it, or "*" where it does not limit`)
    }
  }
}

/** Roles exist, their conditions compile, and every entity has the dimensions that limit those who may touch it. */
export const checkRoles = (ctx: LintContext): void => {
  const entities = entitiesOf(ctx.programme)
  const dimensions = dimensionsOf(ctx, [...new Set(entities.flatMap((e) => Object.keys(e.form.scope)))])
  for (const role of Object.values(ctx.programme.roles)) for (const other of role.assignable) if (other !== '*') ctx.knowsRole(other, { artefact: 'roles', pointer: `/${role.id}/assignable` })
  for (const e of entities) for (const [role, access] of Object.entries(e.form.access)) checkAccess(ctx, e, role, access, dimensions)
}
