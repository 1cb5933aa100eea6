import { createHash } from 'node:crypto'
import { findEntity } from './entities.ts'
import type { Dict, EntityDef, ProgrammeDef, PropertyDef, ScopeColumn } from './model.ts'
import { columnName } from './naming.ts'
import { SYSTEM_PROPERTIES } from './system-properties.ts'

const storedReference = (entity: EntityDef, name: string): (PropertyDef & { column: { name: string }; ref: { entity: string } }) | undefined => {
  const p = (Object.hasOwn(entity.properties, name) ? entity.properties[name] : undefined) ?? (Object.hasOwn(SYSTEM_PROPERTIES, name) ? SYSTEM_PROPERTIES[name] : undefined)
  return p?.kind === 'ref' && p.ref && p.column && p.compute?.at !== 'read' ? p as PropertyDef & { column: { name: string }; ref: { entity: string } } : undefined
}

/** Columns from a row along references to the reference a path ends at; null when it is one column only, or goes through something else. */
const hopsOf = (programme: ProgrammeDef, entity: EntityDef, path: string): ScopeColumn['hops'] | null => {
  const hops: ScopeColumn['hops'] = []
  let at: EntityDef | undefined = entity
  for (const name of path.split('.')) {
    const p: ReturnType<typeof storedReference> = at && storedReference(at, name)
    if (!at || !p) return null
    hops.push({ table: at.table, column: p.column.name })
    at = findEntity(programme, p.ref.entity)
  }
  return hops.length > 1 ? hops : null
}

/** The way is part of the name: where a path leads another way in a later release, its column is another one and is filled anew. */
const nameOf = (path: string, hops: ScopeColumn['hops']): string =>
  `at_${columnName(path).slice(0, 44)}_${createHash('sha256').update(JSON.stringify(hops)).digest('hex').slice(0, 6)}`

/** Scope paths of an entity, of its form and of single roles, whose ends are kept in its own table. */
export const scopeColumnsOf = (programme: ProgrammeDef, entity: EntityDef): Dict<ScopeColumn> => {
  const paths = new Set([entity.form.scope, ...Object.values(entity.form.access).map((a) => a.scope ?? {})].flatMap((scope) => Object.values(scope).flat()))
  return Object.fromEntries([...paths].flatMap((path): [string, ScopeColumn][] => {
    const hops = hopsOf(programme, entity, path)
    return hops ? [[path, { column: nameOf(path, hops), hops }]] : []
  }))
}
