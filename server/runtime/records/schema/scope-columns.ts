import type { Dialect } from '#server/data/index.ts'
import type { EntityDef, ScopeColumn } from '#server/runtime/definitions/index.ts'

/** Scope columns of one table in all forms of its entity, once per column. */
export const scopeColumnsOf = (variants: EntityDef[]): ScopeColumn[] =>
  [...new Map(variants.flatMap((def) => Object.values(def.scopeColumns ?? {})).map((c) => [c.column, c])).values()]

/** Writes columns of rows that meet `where` (over `t`) from what their references lead to now. */
export function refill(dialect: Dialect, columns: ScopeColumn[], where: string): string {
  const table = columns[0]!.hops[0]!.table
  if (dialect.name === 'sqlite') {
    const value = ({ hops }: ScopeColumn): string => {
      const joins = hops.slice(2).map((h, i) => ` JOIN ${h.table} h${i + 2} ON h${i + 2}.id = h${i + 1}.${hops[i + 1]!.column}`).join('')
      return `(SELECT h${hops.length - 1}.${hops.at(-1)!.column} FROM ${hops[1]!.table} h1${joins} WHERE h1.id = t.${hops[0]!.column})`
    }
    return `UPDATE ${table} AS t SET ${columns.map((c) => `${c.column} = ${value(c)}`).join(', ')} WHERE ${where}`
  }
  // MySQL reads a table that it writes through joins only
  const joins = columns.flatMap(({ hops }, n) => hops.slice(1).map((h, i) => `LEFT JOIN ${h.table} c${n}h${i + 1} ON c${n}h${i + 1}.id = ${i === 0 ? 't' : `c${n}h${i}`}.${hops[i]!.column}`))
  return `UPDATE ${table} t ${joins.join(' ')} SET ${columns.map((c, n) => `t.${c.column} = c${n}h${c.hops.length - 1}.${c.hops.at(-1)!.column}`).join(', ')} WHERE ${where}`
}

/** Condition over `t` for rows whose way comes by rows of its `hop`-th table: `met` says which, of a column. */
export function cameBy({ hops }: ScopeColumn, hop: number, met: (column: string) => string): string {
  let condition = met(hop === 0 ? 't.id' : hop === 1 ? `t.${hops[0]!.column}` : `${hops[hop - 1]!.column}`)
  for (let i = hop - 1; i >= 1; i--) condition = `${i === 1 ? 't.' : ''}${hops[i - 1]!.column} IN (SELECT id FROM ${hops[i]!.table} WHERE ${condition})`
  return condition
}
