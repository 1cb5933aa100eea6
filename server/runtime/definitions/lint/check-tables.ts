import type { Definitions, EntityDef, Finding, PropertyDef } from '../model.ts'
import { entitiesOf } from '../entities.ts'
import { finding, locate } from '../load/doc.ts'
import { indexesFor } from '../indexes.ts'
import type { Sources } from '../resolve/sources.ts'
import { eachProperty } from './check-properties.ts'

// each costs about a microsecond per row that is written
const MOST_INDEXES = 16

const shape = (p: PropertyDef): string => [p.kind, p.kind === 'number' ? (p.scale ?? 'any') : '', p.ref?.entity ?? '', p.sensitive === undefined ? '' : 'sensitive'].join('/')

/** One table serves all programmes: the same property has one type, and no table carries more than 16 generated indexes. */
export const checkTables = (definitions: Definitions, sources: Sources | undefined): Finding[] => {
  const findings: Finding[] = []
  const seen = new Map<string, { shape: string; programme: string }>()
  const tables = new Set<string>()
  const at = (programme: string, e: EntityDef, artefact: 'schema' | 'form', pointer: string) => {
    const doc = sources?.get(programme, `${artefact}:${e.id}`)
    return doc ? locate(doc, pointer) : { file: `forms/${e.id}/${artefact}.json`, line: 1 }
  }
  for (const programme of Object.values(definitions.programmes)) {
    for (const e of entitiesOf(programme)) {
      eachProperty(e.properties, '', (p, pointer) => {
        const key = `${e.table}\n${p.path}`
        const before = seen.get(key)
        if (!before) seen.set(key, { shape: shape(p), programme: programme.id })
        else if (before.shape !== shape(p)) findings.push(finding(at(programme.id, e, 'schema', pointer), 'type-differs', `"${p.path}" of ${e.id} is ${shape(p).replace(/\/+$/, '')} here and ${before.shape.replace(/\/+$/, '')} in ${before.programme}`, 'one table serves both: give one of them another name'))
      })
      if (tables.has(`${e.table}/${programme.family}`)) continue
      tables.add(`${e.table}/${programme.family}`)
      const indexes = indexesFor(e)
      if (indexes.length > MOST_INDEXES) findings.push(finding(at(programme.id, e, 'form', '/lists'), 'too-many-indexes', `${e.id} would need ${indexes.length} indexes (${indexes.map((i) => i.columns.join('+')).join(', ')}), at most ${MOST_INDEXES} are made`, 'take x-column "index" or inverses back, or narrow scope and filters', 'warning'))
    }
  }
  return findings
}
