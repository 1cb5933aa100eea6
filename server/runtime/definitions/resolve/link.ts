import { entitiesOf, findEntity } from '../entities.ts'
import { compact } from '../load/cursor.ts'
import { findPath, isTarget } from '../paths.ts'
import { listScopesOf } from '../list-scopes.ts'
import { scopeColumnsOf } from '../scope-columns.ts'
import type { ColumnDef, Dict, EntityDef, FilterDef, FormDef, ProgrammeDef, PropertyDef, Text } from '../model.ts'

const eachProperty = (properties: Dict<PropertyDef>, visit: (p: PropertyDef) => void): void => {
  for (const p of Object.values(properties)) {
    visit(p)
    if (p.items) { visit(p.items); eachProperty(p.items.properties ?? {}, visit) }
    eachProperty(p.properties ?? {}, visit)
  }
}

const linkReference = (programme: ProgrammeDef, p: PropertyDef): void => {
  if (!p.ref) return
  const target = findEntity(programme, p.ref.entity)
  if (!target) return
  p.ref = { ...p.ref, entity: target.id, label: p.ref.label === '' ? target.label : p.ref.label }
}

const linkInverses = (programme: ProgrammeDef, entity: EntityDef): void => eachProperty(entity.properties, (p) => {
  const name = p.ref?.inverse
  const target = p.ref && findEntity(programme, p.ref.entity)
  if (name === undefined || !target) return
  target.inverses[name] ??= { entity: entity.id, path: p.path.replace(/\[\]$/, '') }
})

const FROZEN = ['compute', 'required', 'number', 'liveDefault', 'when', 'governor', 'linkTable', 'column'] as const

const frozen = (p: PropertyDef, path: string): PropertyDef => {
  const copy: PropertyDef = { ...p, path, required: false }
  for (const key of FROZEN) if (key !== 'required') delete copy[key]
  if (copy.ref) copy.ref = compact({ entity: copy.ref.entity, label: copy.ref.label, owner: false, companion: false })
  if (p.properties) copy.properties = Object.fromEntries(Object.entries(p.properties).map(([k, v]) => [k, frozen(v, `${path}.${k}`)]))
  if (p.items) copy.items = frozen(p.items, `${path}[]`)
  return copy
}

/** The object a copy goes to has the copied properties even where the schema does not repeat them. */
const linkCopies = (programme: ProgrammeDef, entity: EntityDef): void => {
  for (const p of Object.values(entity.properties)) {
    const source = p.ref?.copy && findEntity(programme, p.ref.entity)
    if (!source) continue
    for (const [name, names] of Object.entries(p.ref?.copy ?? {})) {
      const target = entity.properties[name]
      if (target?.kind !== 'object') continue
      const wanted = names.includes('*') ? Object.keys(source.properties).filter((n) => source.properties[n]?.compute?.at !== 'read') : names
      const copied = wanted.flatMap((n): [string, PropertyDef][] => { const from = source.properties[n]; return from ? [[n, frozen(from, `${target.path}.${n}`)]] : [] })
      target.properties = { ...Object.fromEntries(copied), ...target.properties }
    }
  }
}

const titleOf = (programme: ProgrammeDef, entity: EntityDef, path: string): Text | undefined => {
  const found = findPath(programme, entity, path)
  if (!isTarget(found)) return undefined
  // the name of what a reference leads to is headed by the reference: `school.name` reads as the school
  const cut = path.lastIndexOf('.')
  const before = cut > 0 ? findPath(programme, entity, path.slice(0, cut)) : undefined
  const ref = before && isTarget(before) ? (before.property.ref ?? before.property.items?.ref) : undefined
  const label = ref ? (ref.label || findEntity(programme, ref.entity)?.label) : undefined
  return label === path.slice(cut + 1) && before && isTarget(before) ? before.property.title : found.property.title
}

const titled = (programme: ProgrammeDef, entity: EntityDef, column: ColumnDef): ColumnDef => {
  const title = column.title ?? (column.path === undefined ? undefined : titleOf(programme, entity, column.path))
  return compact<ColumnDef>({ ...column, title, group: column.group?.map((g) => titled(programme, entity, g)) })
}

const mapValues = <T, U>(dict: Dict<T>, f: (value: T) => U): Dict<U> => Object.fromEntries(Object.entries(dict).map(([k, v]) => [k, f(v)]))

export const filterKind = (p: PropertyDef): NonNullable<FilterDef['kind']> => {
  if (p.sensitive !== undefined) return 'blind'
  if (p.kind === 'ref' || p.items?.kind === 'ref') return 'ref'
  if (p.enum || p.states || p.kind === 'boolean' || p.items?.enum) return 'select'
  return p.kind === 'date' || p.kind === 'date-time' || p.kind === 'time' || p.kind === 'integer' || p.kind === 'number' ? 'range' : 'text'
}

const filtered = (programme: ProgrammeDef, entity: EntityDef, filter: FilterDef): FilterDef => {
  const found = findPath(programme, entity, filter.path)
  if (!isTarget(found)) return { ...filter, kind: filter.kind ?? 'text' }
  const p = found.property
  const codes = p.items?.enumTitles ?? p.enumTitles ?? (p.states && mapValues(p.states, (s): Text => compact({ zh: s.zh, en: s.en })))
  return compact<FilterDef>({ ...filter, title: filter.title ?? p.title, kind: filter.kind ?? filterKind(p), values: filter.values ?? codes })
}

const linkForm = (programme: ProgrammeDef, entity: EntityDef): FormDef => {
  const form = entity.form
  const columns = (c: Dict<ColumnDef>): Dict<ColumnDef> => mapValues(c, (x) => titled(programme, entity, x))
  const lists = mapValues(form.lists, (l) => ({ ...l, columns: columns(l.columns), filters: mapValues(l.filters, (f) => filtered(programme, entity, f)) }))
  return {
    ...form, lists,
    exports: mapValues(form.exports, (e) => ({ ...e, columns: Object.keys(e.columns).length > 0 ? columns(e.columns) : (lists[e.list]?.columns ?? {}) })),
    lookups: mapValues(form.lookups, (l) => ({ ...l, show: columns(l.show), keys: mapValues(l.keys, (k) => (k.title.zh === '' ? { ...k, title: titleOf(programme, entity, k.path) ?? { zh: k.path } } : k)) })),
  }
}

const linkInputs = (programme: ProgrammeDef, entity: EntityDef): void => {
  const link = (p: PropertyDef): void => linkReference(programme, p)
  for (const properties of Object.values(entity.inputProperties)) eachProperty(properties, link)
  for (const action of Object.values(entity.form.actions)) eachProperty(action.inputs ?? {}, link)
  for (const i of Object.values(entity.form.imports)) eachProperty(i.params, link)
}

/** Fills in what an entity takes from others: reference targets, ways back, copied properties, titles and kinds of columns and filters. */
export const linkEntities = (programme: ProgrammeDef): void => {
  const all = entitiesOf(programme)
  for (const entity of all) {
    eachProperty(entity.properties, (p) => linkReference(programme, p))
    linkInputs(programme, entity)
    if (entity.owner) entity.owner = { ...entity.owner, entity: findEntity(programme, entity.owner.entity)?.id ?? entity.owner.entity }
  }
  for (const entity of all) linkInverses(programme, entity)
  for (const entity of all) linkCopies(programme, entity)
  for (const entity of all) { entity.form = linkForm(programme, entity); entity.scopeColumns = scopeColumnsOf(programme, entity) }
  for (const entity of all) entity.listScopes = listScopesOf(programme, entity)
}
