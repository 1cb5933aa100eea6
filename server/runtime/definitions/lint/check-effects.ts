import type { FeelType } from '../../expressions/types.ts'
import { ANY, listOf } from '../feel/types.ts'
import { suggest } from '../load/nearest.ts'
import type { Dict, EntityDef, MakeDef, SetDef } from '../model.ts'
import type { FeelPlace, LintContext, Place } from './context.ts'

type Scope = Pick<FeelPlace, 'names' | 'self'> & { /** the effects of the record's own process, which may set its status */ process?: boolean }

const writable = (ctx: LintContext, entity: EntityDef, path: string, place: Place, byProcess: boolean): void => {
  const found = ctx.path(entity, path, place)
  if (!found) return
  if (found.property.compute && found.property.compute.if === undefined && found.entity.id === entity.id) ctx.report(place, 'set-computed', `"${path}" of ${entity.id} is computed`, 'set what it is computed from')
  if (found.property.governor === 'process' && !byProcess) ctx.report(place, 'set-status', `"${path}" of ${entity.id} is governed by its process`, 'throw a message to the process instead')
}

/** `set`: rows of an entity (or of an operation joined by key), or the own record. */
export const checkSet = (ctx: LintContext, own: EntityDef | undefined, set: SetDef, place: Place, scope: Scope): void => {
  const target = set.entity === undefined ? own : ctx.entity(set.entity)
  if (!target) {
    if (set.entity !== undefined) ctx.report(place, 'entity-unknown', `set writes "${set.entity}", which does not exist`, suggest(set.entity, Object.keys(ctx.programme.entities)))
    return
  }
  const many = set.entity !== undefined
  const item: FeelType = { kind: 'entity', entity: target.id }
  const names: Dict<FeelType> = { ...scope.names, ...(many ? { item } : {}) }
  ctx.feel(set.where, { ...place, ...scope, names, pointer: `${place.pointer}/where`, sql: many, ...(many ? { queryRows: ['item'] } : {}) })
  const rows = set.rows === undefined ? undefined : ctx.feel(set.rows, { ...place, ...scope, pointer: `${place.pointer}/rows` })
  const values = set.rows === undefined ? names : { ...names, item: ctx.rowsOf(rows) }
  for (const [path, expr] of Object.entries(set.values)) {
    const at = { ...place, pointer: `${place.pointer}/values/${path}` }
    writable(ctx, target, path, at, !many && scope.process === true)
    ctx.feel(expr, { ...at, ...scope, names: values })
  }
  for (const text of set.order ?? []) ctx.feel(text.replace(/^[-+]/, ''), { ...place, ...scope, names, pointer: `${place.pointer}/order` })
  if (set.draw !== undefined) {
    const found = ctx.path(target, set.draw, place)
    if (found && !found.property.number) ctx.report(place, 'draw-number', `"${set.draw}" of ${target.id} is no x-number`, 'draw a property with x-number')
  }
}

/** `make`: one record per row of `from`, or per group of them. */
export const checkMake = (ctx: LintContext, make: MakeDef, place: Place, scope: Scope): void => {
  const target = ctx.entity(make.into)
  if (!target) return ctx.report(place, 'entity-unknown', `make fills "${make.into}", which does not exist`, suggest(make.into, Object.keys(ctx.programme.entities)))
  const from = make.from === undefined ? undefined : ctx.feel(make.from, { ...place, ...scope, pointer: `${place.pointer}/from` })
  const item = make.from === undefined ? ANY : ctx.rowsOf(from)
  const source = ctx.entityOf(item)
  const names = make.from === undefined ? scope.names : { ...scope.names, item, group: listOf(item) }
  if (source) {
    for (const path of make.groupBy ?? []) ctx.path(source, path, { ...place, pointer: `${place.pointer}/groupBy` })
    if (make.link !== undefined) ctx.path(source, make.link, { ...place, pointer: `${place.pointer}/link` })
  }
  for (const path of make.key ?? []) ctx.path(target, path, { ...place, pointer: `${place.pointer}/key` })
  for (const [path, expr] of Object.entries(make.values)) {
    const at = { ...place, pointer: `${place.pointer}/values/${path}` }
    // a computed property may be given where it tells whether the record is there already
    if (make.key?.includes(path) !== true) writable(ctx, target, path, at, false)
    ctx.feel(expr, { ...at, ...scope, ...(names ? { names } : {}) })
  }
  for (const [id, u] of Object.entries(make.unless ?? {})) ctx.feel(u.if, { ...place, ...scope, pointer: `${place.pointer}/unless/${id}`, ...(names ? { names } : {}) })
}
