import type { Dict, EntityDef, ListDef, ListScope, ProgrammeDef, RoleDef } from './model.ts'
import { SYSTEM_PROPERTIES } from './system-properties.ts'

const chainOf = (programme: ProgrammeDef, role: string): RoleDef[] => {
  const chain: RoleDef[] = []
  for (let at = programme.roles[role]; at && chain.length < 10; at = at.extends ? programme.roles[at.extends] : undefined) chain.push(at)
  return chain
}

/** Parts of a condition that all must hold, as far as they stand outside brackets. */
const conjuncts = (where: string): string[] => {
  let depth = 0
  return where.split(/(\(|\)| and )/).reduce<string[]>((parts, token) => {
    if (token === '(') depth++
    if (token === ')') depth--
    if (token === ' and ' && depth === 0) parts.push('')
    else parts[parts.length - 1] += token
    return parts
  }, ['']).map((p) => p.trim())
}

/**
 * Dimensions that a role's rows must equal something of the user's in: one value, so that an index can begin with it.
 * What is a person's own are few rows: those need no index in their order.
 */
const leading = (where: string): string[] => conjuncts(where).flatMap((c) => { const m = /^(\w+) = user\.(\w+)$/.exec(c); return m && m[2] !== 'id' ? [m[1]!] : [] })
const isPersonal = (where: string): boolean => conjuncts(where).some((c) => /^\w+ = user\.id$/.test(c))

const ownColumn = (entity: EntityDef, path: string): string | undefined => {
  const p = entity.properties[path] ?? SYSTEM_PROPERTIES[path]
  return p && p.sensitive === undefined && p.compute?.at !== 'read' ? p.column?.name : undefined
}

/** Columns that the rows of a role are found by: one of them per alternative; none = it sees all rows. */
export const columnsOfRole = (programme: ProgrammeDef, entity: EntityDef, role: string): string[] => {
  const chain = chainOf(programme, role)
  const access = chain.map((r) => entity.form.access[r.id]).find((a) => a !== undefined)
  const scope: Dict<string[]> = { ...entity.form.scope, ...access?.scope }
  const paths = chain.flatMap((r) => (r.where ? leading(r.where) : [])).map((d) => scope[d] ?? []).find((p) => p.length > 0 && !p.includes('*')) ?? []
  const columns = paths.map((path) => ownColumn(entity, path) ?? entity.scopeColumns?.[path]?.column)
  return columns.every((c) => c !== undefined) ? [...new Set(columns)] : []
}

const readers = (programme: ProgrammeDef, entity: EntityDef, list: ListDef): string[] => {
  const named = (role: string): boolean => !chainOf(programme, role).some((r) => r.where !== undefined && isPersonal(r.where)) && (!list.roles || list.roles.length === 0 || chainOf(programme, role).some((r) => list.roles?.includes(r.id)))
  return Object.keys(programme.roles).filter((role) => named(role) && chainOf(programme, role).some((r) => entity.form.access[r.id]?.can.some((c) => c === 'read' || c === '*')))
}

/** By which columns the rows of each list are found, in the order in which the list shows them. */
export const listScopesOf = (programme: ProgrammeDef, entity: EntityDef): ListScope[] => {
  const found = new Map<string, ListScope>()
  for (const list of Object.values(entity.form.lists)) {
    const by = list.sort?.replace(/^-/, '') ?? 'createdAt'
    const sort = ownColumn(entity, list.columns[by]?.path ?? by)
    if (sort === undefined || sort === 'id') continue
    const status = entity.properties.status !== undefined && entity.properties.status.compute?.at !== 'read' && (list.tabs?.by === 'status' || /(^|[^.\w])status = "/.test(list.where ?? ''))
    for (const role of readers(programme, entity, list)) {
      const columns = columnsOfRole(programme, entity, role)
      // another order than by age is worth an index where the list is made for a role, and for its part of the rows
      if (sort !== 'created_at' && (columns.length === 0 || !list.roles?.length)) continue
      for (const column of columns.length > 0 ? columns : [null]) {
        const key = `${column ?? ''} ${sort}`
        found.set(key, { column, sort, status: status || (found.get(key)?.status ?? false), whole: !/(^|[^.\w])status = "/.test(list.where ?? '') || (found.get(key)?.whole ?? false) })
      }
    }
  }
  return [...found.values()]
}
