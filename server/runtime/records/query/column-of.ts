import type { ColumnDef, EntityDef, PropertyDef } from '#server/runtime/definitions/index.ts'
import { SYSTEM_PROPERTIES } from '#server/runtime/definitions/index.ts'
import { own } from '#server/platform/json.ts'
import type { FactLoader } from '../facts/loader.ts'

export interface PathEnd { def: EntityDef; prop?: PropertyDef; system?: string; inverse?: string; /** the path goes through an array or a way back */ many: boolean }

/** What a dotted path from an entity ends at, through references, objects, item fields and ways back. */
export function pathEnd(loader: FactLoader, def: EntityDef, path: string): PathEnd | null {
  let at = def
  let level = def.properties
  let many = false
  const steps = path.split('.')
  for (const [i, raw] of steps.entries()) {
    const name = raw.replace(/\[\]$/, '')
    const last = i === steps.length - 1
    const prop: PropertyDef | undefined = own(level, name) ?? (level === at.properties ? own(SYSTEM_PROPERTIES, name) : undefined)
    const inverse = level === at.properties ? own(at.inverses, name) : undefined
    if (!prop && inverse) {
      at = loader.definition(inverse.entity); level = at.properties; many = true
      if (last) return { def: at, inverse: name, many }
      continue
    }
    if (!prop) return null
    if (last) return { def: at, prop: own(level, name) ?? prop, ...(own(level, name) ? {} : { system: name }), many: many || prop.kind === 'array' }
    const inner: PropertyDef = prop.kind === 'array' && prop.items ? prop.items : prop
    if (prop.kind === 'array') many = true
    if (inner.ref) { at = loader.definition(inner.ref.entity); level = at.properties } else level = inner.properties ?? {}
  }
  return null
}

/** Heading of a column: its own title, or that of the property it ends at. */
export function columnTitle(loader: FactLoader, def: EntityDef, column: ColumnDef, lang: 'zh' | 'en'): string {
  const title = column.title ?? (column.path ? pathEnd(loader, def, column.path)?.prop?.title : undefined)
  return (lang === 'en' ? title?.en : undefined) ?? title?.zh ?? column.path ?? ''
}
