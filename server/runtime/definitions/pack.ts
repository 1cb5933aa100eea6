import { entitiesOf } from './entities.ts'
import { listScopesOf } from './list-scopes.ts'
import type { Definitions, Dict, EntityDef, ProgrammeDef } from './model.ts'
import { scopeColumnsOf } from './scope-columns.ts'

interface PackedProgramme extends Omit<ProgrammeDef, 'entities'> { /** both names of each entity, to its place among all */ entities: Dict<number> }
interface Packed extends Omit<Definitions, 'programmes'> { programmes: Dict<PackedProgramme>; entities: EntityDef[] }

/** Definitions as one text in which no entity stands twice, though programmes share most of them and know each by two names. */
export function packDefinitions({ programmes, ...rest }: Definitions): string {
  const texts: string[] = []
  const places = new Map<string, number>()
  const byObject = new Map<EntityDef, number>()
  const placeOf = (def: EntityDef): number => {
    let place = byObject.get(def)
    if (place !== undefined) return place
    const text = JSON.stringify(def)
    place = places.get(text)
    if (place === undefined) { places.set(text, (place = texts.length)); texts.push(text) }
    byObject.set(def, place)
    return place
  }
  const packed = Object.fromEntries(Object.entries(programmes).map(([id, p]) => [id, { ...p, entities: Object.fromEntries(Object.entries(p.entities).map(([name, def]) => [name, placeOf(def)])) }]))
  const head = JSON.stringify({ ...rest, programmes: packed })
  return `${head.slice(0, -1)},"entities":[${texts.join(',')}]}`
}

/** What `packDefinitions` wrote, or definitions that an earlier release kept whole. */
export function unpackDefinitions(text: string): Definitions {
  const stored = JSON.parse(text) as Packed | Definitions
  const definitions: Definitions = 'entities' in stored ? opened(stored) : stored
  // an earlier release resolved them without
  for (const p of Object.values(definitions.programmes)) for (const def of entitiesOf(p)) def.scopeColumns ??= scopeColumnsOf(p, def)
  for (const p of Object.values(definitions.programmes)) for (const def of entitiesOf(p)) def.listScopes ??= listScopesOf(p, def)
  return definitions
}

const opened = ({ entities, programmes, ...rest }: Packed): Definitions => ({
  ...rest,
  programmes: Object.fromEntries(Object.entries(programmes).map(([id, p]) => [id, { ...p, entities: Object.fromEntries(Object.entries(p.entities).map(([name, place]) => [name, entities[place]!])) }])),
})
