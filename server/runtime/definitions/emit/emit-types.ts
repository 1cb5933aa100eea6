import type { Definitions, Json, JsonObject } from '../model.ts'
import { entitiesOf } from '../entities.ts'
import { isObject } from '../load/cursor.ts'

const KEPT = ['type', 'enum', 'const', 'items', 'properties', 'oneOf'] as const

/** A property's schema without presentation; required properties are those with x-required. */
const bare = (schema: JsonObject): JsonObject => {
  const kept: JsonObject = {}
  for (const key of KEPT) {
    const value = schema[key]
    if (value === undefined) continue
    if (key === 'properties' && isObject(value)) kept.properties = Object.fromEntries(Object.entries(value).map(([k, v]): [string, Json] => [k, isObject(v) ? bare(v) : {}]))
    else if (key === 'items' && isObject(value)) kept.items = bare(value)
    else if (key === 'oneOf' && Array.isArray(value)) kept.enum = value.flatMap((v) => (isObject(v) && v.const !== undefined ? [v.const] : []))
    else kept[key] = value
  }
  if (!('type' in kept) && !('enum' in kept)) kept.type = 'x-ref' in schema || 'x-file' in schema ? 'string' : ['string', 'number', 'boolean', 'object', 'array', 'null']
  if (isObject(kept.properties)) {
    const required = Object.entries((schema.properties ?? {}) as JsonObject).filter(([, p]) => isObject(p) && p['x-required'] === true).map(([k]) => k)
    return { ...kept, type: 'object', additionalProperties: false, ...(required.length > 0 ? { required } : {}) }
  }
  return kept
}

/** "library/book-copy" -> "LibraryBookCopy" */
export const typeName = (id: string): string => id.split(/[^A-Za-z0-9]+/).filter((w) => w !== '').map((w) => (w[0] ?? '').toUpperCase() + w.slice(1)).join('')

/** A TypeScript file with one type per entity, inferred from its JSON Schema by json-schema-to-ts. */
export const emitTypes = (definitions: Definitions): string => {
  const schemas = new Map<string, JsonObject>()
  for (const programme of Object.values(definitions.programmes)) {
    for (const e of entitiesOf(programme)) if (!schemas.has(e.id)) schemas.set(e.id, bare(e.schema))
  }
  const blocks = [...schemas].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, schema]) => {
    const name = typeName(id)
    const constant = name.slice(0, 1).toLowerCase() + name.slice(1)
    return `const ${constant} = ${JSON.stringify(schema, null, 2)} as const\n/** ${id} */\nexport type ${name} = FromSchema<typeof ${constant}>\n`
  })
  return `// Generated from forms/ by emitTypes; do not edit.\nimport type { FromSchema } from 'json-schema-to-ts'\n\n${blocks.join('\n')}`
}
