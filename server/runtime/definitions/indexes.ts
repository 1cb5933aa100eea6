import type { EntityDef, PropertyDef } from './model.ts'
import { blindColumn } from './naming.ts'
import { SYSTEM_PROPERTIES, USER } from './system-properties.ts'

export interface IndexDef { columns: string[] }

const FILTERS = 3

const ownColumn = (entity: EntityDef, path: string): string | undefined => {
  const p = entity.properties[path] ?? SYSTEM_PROPERTIES[path]
  return p && p.sensitive === undefined && p.compute?.at !== 'read' ? p.column?.name : undefined
}

const walk = (properties: Record<string, PropertyDef>): PropertyDef[] =>
  Object.values(properties).flatMap((p) => [p, ...(p.kind === 'object' ? walk(p.properties ?? {}) : [])])

/** Columns the lists filter by, most used first. */
const filterColumns = (entity: EntityDef): string[] => {
  const uses = new Map<string, number>()
  for (const list of Object.values(entity.form.lists)) {
    for (const f of Object.values(list.filters)) {
      const column = ownColumn(entity, f.path)
      if (column !== undefined && f.kind !== 'text' && (f.kind !== 'range' || entity.properties[f.path]?.kind === 'integer')) uses.set(column, (uses.get(column) ?? 0) + 1)
    }
  }
  return [...uses].sort((a, b) => b[1] - a[1]).map(([c]) => c)
}

/**
 * Generated indexes of an entity's table: for the rows of each list in its order, all and by state (the order before filters,
 * which stand behind so that neither counts nor a filter that few rows meet need the rows), references other entities come back by, blind indexes, and columns that ask
 * for one. One that is the beginning of another is left out.
 */
export const indexesFor = (entity: EntityDef): IndexDef[] => {
  const filters = filterColumns(entity)
  // rows of one programme are asked for, whoever asks
  const first = entity.home === 'programme' ? ['program'] : []
  const wanted: string[][] = (entity.listScopes ?? []).flatMap(({ column, sort, status, whole }) => {
    const begin = [...first, ...(column === null ? [] : [column])]
    const behind = filters.filter((c) => !begin.includes(c) && c !== sort && c !== 'status').slice(0, FILTERS)
    return [...(whole ? [[...begin, sort, 'id', ...behind]] : []), ...(status ? [[...begin, 'status', sort, 'id', ...behind]] : [])]
  })
  if (wanted.length === 0) wanted.push([...first, 'created_at', 'id'])
  // a row is looked for by where its scope paths end, and that such an index is there says that they are filled
  for (const { column } of Object.values(entity.scopeColumns ?? {})) if (!wanted.some((w) => w[first.length] === column)) wanted.push([column])
  for (const path of Object.values(entity.form.scope).flat()) {
    const own = entity.properties[path]
    if (own?.ref?.entity === USER && own.column && !wanted.some((w) => w[first.length] === own.column?.name)) wanted.push([own.column.name])
  }
  for (const p of walk(entity.properties)) {
    if (p.compute?.at === 'read' || !p.column || p.column.name === 'status') continue
    if (p.sensitive !== undefined) wanted.push([blindColumn(p.column.name)])
    else if (p.column.index) wanted.push([p.column.name])
  }
  // what a limit counts is counted for every record that is saved: by the index alone where it compares no more than own columns
  for (const { of, if: condition } of Object.values(entity.limits)) {
    const same = condition?.split(' and ').map((part) => /^item\.(\w+) = record\.\1$/.exec(part.trim())?.[1] ?? '') ?? []
    const columns = [of, ...same].map((path) => ownColumn(entity, path))
    if (columns.every((c) => c !== undefined)) wanted.push([...columns as string[], ...first])
  }
  const begins = (a: string[], b: string[]): boolean => a.length <= b.length && a.every((c, i) => c === b[i])
  const kept = wanted.filter((a, i) => !wanted.some((b, j) => i !== j && begins(a, b) && (a.length < b.length || j < i)))
  return kept.map((columns) => ({ columns }))
}
