import { createHash } from 'node:crypto'
import { indexesFor, type EntityDef, type PropertyDef, type ScopeColumn } from '#server/runtime/definitions/index.ts'
import { scopeColumnsOf } from './scope-columns.ts'
import { columnOf, isReadCompute, isSensitive, walk } from './properties.ts'

export type ColumnKind = 'id' | 'ref' | 'text' | 'long' | 'integer' | 'boolean' | 'instant' | 'date' | 'json' | 'index'
export interface TableColumn { name: string; kind: ColumnKind; size?: number; notNull?: boolean; default?: string }
export interface TableModel { name: string; columns: TableColumn[]; indexes: { name: string; columns: string[] }[]; links: { name: string }[]; /** filled from other tables */ scopes: ScopeColumn[] }

const SYSTEM: TableColumn[] = [
  { name: 'id', kind: 'id' },
  { name: 'program', kind: 'text', size: 64, notNull: true, default: "''" },
  { name: 'org', kind: 'ref' }, { name: 'org_l1', kind: 'ref' }, { name: 'org_l2', kind: 'ref' }, { name: 'org_l3', kind: 'ref' },
  { name: 'status', kind: 'text', size: 40 },
  { name: 'process_id', kind: 'ref' },
  { name: 'rev', kind: 'integer', notNull: true, default: '1' },
  { name: 'created_by', kind: 'ref' },
  { name: 'created_at', kind: 'instant', notNull: true, default: '0' },
  { name: 'updated_at', kind: 'instant', notNull: true, default: '0' },
  { name: 'data', kind: 'json' },
]

function kindOf(p: PropertyDef): { kind: ColumnKind; size?: number } {
  switch (p.kind) {
    case 'integer': case 'number': return { kind: 'integer' }
    case 'boolean': return { kind: 'boolean' }
    case 'date-time': return { kind: 'instant' }
    case 'date': case 'time': return { kind: 'date' }
    case 'ref': case 'file': return { kind: 'ref' }
    default: return p.maxLength && p.maxLength > 500 ? { kind: 'long' } : { kind: 'text', size: p.enum ? 60 : (p.maxLength ?? 255) }
  }
}

const columns = new WeakMap<PropertyDef, TableColumn[]>()
/** Columns a property takes in its entity's table: none, one, or two when it is kept encrypted. */
export function columnsOf(p: PropertyDef): TableColumn[] {
  let known = columns.get(p)
  if (!known) columns.set(p, (known = makeColumns(p)))
  return known
}
function makeColumns(p: PropertyDef): TableColumn[] {
  if (isReadCompute(p) || p.path === 'status') return []
  const name = columnOf(p)
  if (isSensitive(p)) return [{ name: `${name}_enc`, kind: 'long' }, { name: `${name}_bix`, kind: 'index' }]
  if (!p.column || p.kind === 'object' || p.kind === 'array') return []
  return [{ name, ...kindOf(p) }]
}

/** The name of an index tells its columns, so that another set of columns is another index. */
export const indexName = (table: string, columns: string[]): string => `ix_${table.slice(2)}`.slice(0, 50) + `_${createHash('sha256').update(columns.join()).digest('hex').slice(0, 8)}`

/** One table serves all programmes: the union of what each resolved form of the entity needs. */
export function tableOf(variants: EntityDef[]): TableModel {
  const first = variants[0]!
  const columns = new Map(SYSTEM.map((c) => [c.name, c]))
  const links = new Set<string>()
  const indexes = new Map<string, string[]>()
  const add = (cols: string[]) => indexes.set(cols.join(','), cols)
  for (const def of variants) {
    for (const p of walk(def.properties)) {
      for (const c of columnsOf(p)) if (!columns.has(c.name)) columns.set(c.name, c)
      if (p.linkTable) links.add(p.linkTable)
    }
    for (const index of indexesFor(def)) add(index.columns)
  }
  const scopes = scopeColumnsOf(variants)
  for (const s of scopes) columns.set(s.column, { name: s.column, kind: 'ref' })
  const wanted = [...indexes.values()].filter((cols) => cols.every((c) => columns.has(c)))
  return {
    name: first.table,
    columns: [...columns.values()],
    indexes: wanted.map((cols) => ({ name: indexName(first.table, cols), columns: cols })),
    links: [...links].map((name) => ({ name })), scopes,
  }
}
