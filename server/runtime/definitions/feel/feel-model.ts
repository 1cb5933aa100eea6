import type { Model, ModelEntity, ModelProperty, RuleSource } from '../../expressions/types.ts'
import { entitiesOf } from '../entities.ts'
import { compact } from '../load/cursor.ts'
import type { Dict, EntityDef, ProgrammeDef, PropertyDef, RuleBody } from '../model.ts'
import { blindColumn, columnName } from '../naming.ts'
import { SYSTEM_PROPERTIES, USER } from '../system-properties.ts'
import { entityType, listOf, propertyType, STRING } from './types.ts'

/** A column is named only where SQL may read it: personal numbers through their blind index, read-time computes by their text. */
const toModel = (programme: ProgrammeDef, p: PropertyDef): ModelProperty => {
  const reads = p.compute?.at === 'read'
  return compact<ModelProperty>({
    type: propertyType(programme, p), compute: reads ? p.compute?.expr : undefined, linkTable: reads ? undefined : p.linkTable,
    column: reads || p.sensitive !== undefined ? undefined : p.column?.name, blind: p.sensitive === undefined || reads ? undefined : blindColumn(p.column?.name ?? columnName(p.path)),
  })
}

/** Own properties by dotted path: `snapshot` is a context, `snapshot.name` may have a column. */
const flatten = (programme: ProgrammeDef, properties: Dict<PropertyDef>): Dict<ModelProperty> => {
  const all: Dict<ModelProperty> = {}
  for (const p of Object.values(properties)) {
    all[p.path] = toModel(programme, p)
    if (p.kind === 'object' && p.properties) Object.assign(all, flatten(programme, p.properties))
  }
  return all
}

/** What the session knows of the acting user beside the user's record. */
const SESSION: Dict<ModelProperty> = { role: { type: STRING }, assignable: { type: listOf(STRING) } }

const entityModel = (programme: ProgrammeDef, entity: EntityDef): ModelEntity => ({
  name: entity.id,
  table: entity.table,
  kept: Object.fromEntries(Object.entries(entity.scopeColumns ?? {}).map(([path, c]) => [path, c.column])),
  properties: {
    ...flatten(programme, SYSTEM_PROPERTIES),
    ...(entity.id === USER ? SESSION : {}),
    ...Object.fromEntries(Object.entries(entity.inverses).map(([name, way]) => [name, { type: listOf(entityType(programme, way.entity)), inverse: way }])),
    ...flatten(programme, entity.properties),
  },
  keys: Object.values(entity.unique).filter((u) => u.where === undefined && u.fields.every((f) => !f.includes('['))).map((u) => u.fields),
})

const ruleSource = (rule: RuleBody): RuleSource =>
  compact<RuleSource>({ args: Object.keys(rule.args), expr: rule.expr, table: rule.rows ? { hit: rule.hit ?? 'first', rows: Object.values(rule.rows) } : undefined })

/** What the compiler may know of a programme. Objects are made once, so that compiled computes are kept per model. */
export const feelModel = (programme: ProgrammeDef, _dialect: 'sqlite' | 'mysql' = 'sqlite'): Model => {
  const entities = new Map<string, ModelEntity>(entitiesOf(programme).map((e) => [e.id, entityModel(programme, e)]))
  for (const [short, e] of Object.entries(programme.entities)) {
    const made = entities.get(e.id)
    if (made) entities.set(short, made)
  }
  const rules = new Map(Object.entries(programme.rules).map(([id, rule]) => [id, ruleSource(rule)]))
  return { entity: (name) => entities.get(name), rule: (name) => rules.get(name) }
}
