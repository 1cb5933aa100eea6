import { accessOf, may } from '#server/runtime/access/index.ts'
import type { ColumnDef, EntityDef, ExportDef } from '#server/runtime/definitions/index.ts'
import { isInstant } from '#server/runtime/expressions/index.ts'
import type { FeelValue, Scope } from '#server/runtime/expressions/types.ts'
import { columnTitle, fieldRules, hopsOf, pathEnd, presentColumn, presentValue, rangeText, rowScope, ruleFor, say, type FactLoader, type FieldRule } from '#server/runtime/records/index.ts'
import type { WriteColumn, WriteValue } from '#server/runtime/records/excel/index.ts'
import type { Call, Lang } from '../../context.ts'
import { written } from './show.ts'

/** Personal numbers without a mask of their own, and for those who may not see them whole. */
const DEFAULT_MASK: Record<string, string> = { phone: '3:4:4' }
const maskOf = (sensitive: string | undefined): string => DEFAULT_MASK[sensitive ?? ''] ?? '3:*:4'

/** One column of an export: how its value is found for a record, or for the n-th item of the array it goes through. */
export interface ExportColumn { title: string; write: WriteColumn; /** "majors" of "majors[].approved" */ array?: string; value(row: FeelValue, rules: RuleSource, item?: { value: FeelValue; at: number }): WriteValue }
export type RuleSource = (def: EntityDef, row: FeelValue) => FieldRule[]

/** The mask that the field rules, the column and the right to see whole numbers leave. */
export function maskFor(call: Call, def: EntityDef, column: ColumnDef, sensitive: string | undefined, rule: FieldRule | undefined): string | undefined {
  if (rule?.mask) return rule.mask
  if (column.mask && column.mask !== 'none') return column.mask
  if (!sensitive && column.mask !== 'none') return undefined
  return column.mask === 'none' && may(call.programme, def, call.actor.role, 'unmask') ? undefined : maskOf(sensitive)
}

type Hop = ReturnType<typeof hopsOf>[number]
const ruled = (call: Call, hop: Hop): FieldRule[] => Object.keys(accessOf(call.programme, hop.def, call.actor.role)?.fields ?? {}).map((path) => ({ path, hidden: false, readOnly: false }))
/** The entities on a path's way whose field rules for the role cover the rest of it: mostly none, and then no row has to be asked. */
export const guardsOf = (call: Call, loader: FactLoader, def: EntityDef, path: string | undefined): Hop[] =>
  (path ? hopsOf(loader, def, path) : []).filter((hop) => ruleFor(ruled(call, hop), hop.rest))

/** Whether a rule of any entity on the path's way hides the field of this row, and its mask. */
function guardOf(loader: FactLoader, def: EntityDef, guards: readonly Hop[], row: FeelValue, rules: RuleSource): FieldRule | undefined {
  let mask: FieldRule | undefined
  for (const hop of guards) {
    const found = hop.before === '' ? row : loader.context.registry.expression(loader.context.programme.id, hop.before.replaceAll('[]', ''), rowScope(def)).evaluate(loader.scope({ record: row, item: row }))
    for (const one of Array.isArray(found) ? found : [found]) {
      if (one === null) continue
      const rule = ruleFor(rules(hop.def, one), hop.rest)
      if (rule?.hidden) return rule
      if (rule?.mask) mask ??= rule
    }
  }
  return mask
}

type ScopeOf = (row: FeelValue) => Scope
/** The names of a row, made once for all its columns. */
function scopePerRow(loader: FactLoader): ScopeOf {
  let last: { row: FeelValue; scope: Scope } | undefined
  return (row) => (last?.row === row ? last : (last = { row, scope: loader.scope({ record: row, item: row }) })).scope
}

function plainColumn(call: Call, loader: FactLoader, def: EntityDef, column: ColumnDef, scopeOf: ScopeOf): Pick<ExportColumn, 'write' | 'array' | 'value'> {
  const { lang } = call.actor
  const { registry, programme } = loader.context
  const guards = guardsOf(call, loader, def, column.path)
  const end = column.path ? pathEnd(loader, def, column.path) : null
  const prop = end?.prop
  const array = column.path && /^([^[\]]+)\[\]\./.exec(column.path)?.[1]
  const numeric = !column.mask && (array || !end?.many) && (prop?.kind === 'integer' || prop?.kind === 'number')
  const write: WriteColumn = { title: '', kind: numeric ? 'number' : 'text', ...(numeric && column.format === 'money' ? { scale: 2 } : numeric && prop?.scale ? { scale: prop.scale } : {}) }
  const plain = !column.group && !end?.inverse ? registry.expression(programme.id, (column.expr ?? column.path ?? 'id').replaceAll('[]', ''), rowScope(def)) : null
  return {
    write, ...(array ? { array } : {}),
    value(row, rules, item) {
      const rule = guards.length ? guardOf(loader, def, guards, row, rules) : undefined
      if (rule?.hidden) return null
      const mask = maskFor(call, def, column, prop?.sensitive, rule)
      if (plain && !mask && !(array && item)) return written(presentValue(loader, end?.prop, plain.evaluate(scopeOf(row)), lang, column.format, end?.def))
      const bare: ColumnDef = { ...column, ...(mask ? { mask } : {}) }
      if (!mask) delete bare.mask
      if (!array || !item) return written(presentColumn(loader, def, bare, row, lang))
      return written(presentValue(loader, prop, itemValue(item.value, column.path!.slice(array.length + 3), loader), lang, column.format, end?.def))
    },
  }
}

/** A path below one item: members of the item, then of the records it refers to. */
function itemValue(item: FeelValue, path: string, loader: FactLoader): FeelValue {
  let value = item
  for (const name of path.replaceAll('[]', '').split('.')) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return null
    value = '$' in value && value.$ === 'row' ? loader.property(value as never, name) : Object.hasOwn(value, name) ? (value as Record<string, FeelValue>)[name]! : null
  }
  return value
}

/** Members shown together: two instants as one slot, others one after the other. */
function groupColumn(call: Call, loader: FactLoader, def: EntityDef, group: ColumnDef[], scopeOf: ScopeOf): Pick<ExportColumn, 'write' | 'value'> {
  const members = group.map((c) => plainColumn(call, loader, def, c, scopeOf))
  const { registry, programme, zone } = loader.context
  return {
    write: { title: '' },
    value(row, rules) {
      const texts = members.map((m) => m.value(row, rules))
      if (group.length === 2 && texts.every((t) => t !== null && t !== '')) {
        const [from, to] = group.map((c) => registry.expression(programme.id, c.expr ?? c.path ?? 'id', rowScope(def)).evaluate(loader.scope({ record: row, item: row })))
        if (isInstant(from!) && isInstant(to!)) return rangeText(from.ms, to.ms, zone)
      }
      return texts.filter((t) => t !== null && t !== undefined && t !== '').join(' ')
    },
  }
}

/** The label of a referred record is headed by what the reference is called: "school.name" is the school, not a name. */
function titleOf(loader: FactLoader, def: EntityDef, column: ColumnDef, lang: Lang): string {
  const cut = column.title ? -1 : (column.path ?? '').lastIndexOf('.')
  const before = cut > 0 ? pathEnd(loader, def, column.path!.slice(0, cut))?.prop : undefined
  const isLabel = before?.ref && loader.definition(before.ref.entity).label === column.path!.slice(cut + 1)
  return isLabel ? say(before.title, lang) : columnTitle(loader, def, column, lang)
}

/** The columns of an export as the person may see them, in order. Values are asked inside settle. */
export function exportColumns(call: Call, loader: FactLoader, def: EntityDef, spec: ExportDef): ExportColumn[] {
  const scopeOf = scopePerRow(loader)
  return Object.values(spec.columns).map((column) => {
    const made = column.group ? groupColumn(call, loader, def, column.group, scopeOf) : plainColumn(call, loader, def, column, scopeOf)
    const title = titleOf(loader, def, column, call.actor.lang)
    return { ...made, title, write: { ...made.write, title } }
  })
}

/** Personal numbers that the export shows whole, unless a rule of a row hides or masks them. */
export const plainPaths = (call: Call, loader: FactLoader, def: EntityDef, spec: ExportDef): string[] =>
  Object.values(spec.columns).flatMap((c) => [c, ...(c.group ?? [])]).flatMap((c) => {
    const sensitive = c.path ? pathEnd(loader, def, c.path)?.prop?.sensitive : undefined
    return sensitive && maskFor(call, def, c, sensitive, undefined) === undefined ? [c.path!] : []
  })

/** Field rules of a row, asked once per row. */
export function rulesOnce(call: Call, loader: FactLoader): RuleSource {
  const known = new Map<string, FieldRule[]>()
  return (def, row) => {
    const key = `${def.id}/${(row as { id: string }).id}`
    let rules = known.get(key)
    if (!rules) known.set(key, (rules = fieldRules(call, loader, def, row)))
    return rules
  }
}
