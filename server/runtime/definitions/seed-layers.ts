import type { Definitions, SeedRecords } from './model.ts'

/** Families of a programme from the core upwards, then the programme itself. */
const layersOf = (definitions: Definitions, programme: string): string[] => {
  const families: string[] = []
  for (let at: string | undefined = definitions.programmes[programme]?.family; at !== undefined && !families.includes(at); at = definitions.families[at]?.extends) families.unshift(at)
  return [...new Set([...(definitions.families['core'] ? ['core'] : []), ...families, programme])]
}

/** The record sets that a programme is published with: reference data of entities it has, those of its families, its own. */
export const seedsOf = (definitions: Definitions, programme: string): SeedRecords[] => {
  const entities = definitions.programmes[programme]?.entities ?? {}
  return [...(definitions.seeds['reference'] ?? []).filter((s) => Object.hasOwn(entities, s.entity)), ...layersOf(definitions, programme).flatMap((id) => definitions.seeds[id] ?? [])]
}
