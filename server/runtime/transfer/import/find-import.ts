import { may } from '#server/runtime/access/index.ts'
import type { Dict, EntityDef, ImportColumn, ImportDef, ProgrammeDef } from '#server/runtime/definitions/index.ts'
import { propertyAt } from '#server/runtime/records/index.ts'
import type { Call, Result } from '../../context.ts'
import { forbidden, refused } from '../parts.ts'

/** The import, when it exists and the person has the right `import:<id>`. */
export function findImport(call: Call, def: EntityDef, id: string): Result<{ spec: ImportDef }> {
  const spec = Object.hasOwn(def.form.imports, id) ? def.form.imports[id] : undefined
  if (!spec) return refused('NOT_FOUND', '没有此导入，请刷新页面后重试', 404)
  return may(call.programme, def, call.actor.role, `import:${id}`) ? { ok: true, spec } : forbidden()
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The kind of personal number that a column brings: by its own word, its property, where its value is written, or what a look-up compares it with. */
function sensitiveOf(programme: ProgrammeDef, def: EntityDef, spec: ImportDef, id: string, column: ImportColumn): string | undefined {
  const own = column.sensitive ?? propertyAt(def, column.path ?? id)?.sensitive
  if (own) return own
  const cell = `row.${id}`
  const entity = (name: string): EntityDef | undefined => programme.entities[name]
  const written: [EntityDef | undefined, Dict<string>][] = [[def, { ...spec.key, ...spec.set }], ...Object.values(spec.make ?? {}).map((m): [EntityDef | undefined, Dict<string>] => [entity(m.into), m.values])]
  for (const [target, values] of written)
    for (const [path, text] of Object.entries(values)) {
      const kind = target && text.trim() === cell ? propertyAt(target, path)?.sensitive : undefined
      if (kind) return kind
    }
  const compared = new RegExp(`item\\.([\\w.]+)\\s*=\\s*${escaped(cell)}(?![\\w.])`, 'g')
  for (const lookup of Object.values(spec.lookup)) {
    const target = entity(lookup.in)
    for (const [, path] of lookup.where.matchAll(compared)) {
      const kind = target ? propertyAt(target, path!)?.sensitive : undefined
      if (kind) return kind
    }
  }
  return undefined
}

/** Columns as cells are read by them: personal numbers are known as such wherever the definition leads them. */
export const columnsOf = (programme: ProgrammeDef, def: EntityDef, spec: ImportDef): Dict<ImportColumn> =>
  Object.fromEntries(Object.entries(spec.columns).map(([id, c]) => {
    const sensitive = sensitiveOf(programme, def, spec, id, c)
    return [id, { ...c, ...(sensitive ? { sensitive } : {}) }]
  }))
