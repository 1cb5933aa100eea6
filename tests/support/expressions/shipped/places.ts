import { join } from 'node:path'
import { OPERATIONS } from '#server/operations/index.ts'
import { rowConditions } from '#server/runtime/access/index.ts'
import { compileProcesses, entitiesOf, lint, loadDefinitions, type Definitions, type Dict, type EntityDef, type OperationContract, type ProgrammeDef } from '#server/runtime/definitions/index.ts'
import { compile, type CompileOptions, type FeelType } from '#server/runtime/expressions/index.ts'
import { compileProcess, lintProcess, parseBpmn } from '#server/runtime/process/bpmn/index.ts'
import { rowScope } from '#server/runtime/records/index.ts'

export type RowName = 'item' | 'record' | ''
/** An expression of the definitions where it stands, which the database can answer for each row of `entity`. */
export interface Place { programme: ProgrammeDef; entity: EntityDef; text: string; names: Record<string, FeelType>; self: string | undefined; rows: RowName[]; type: FeelType }
export interface Places { definitions: Definitions; places: Place[]; /** all that was compiled */ seen: number; /** outside the subset, and not asked of the database */ closureOnly: number }

const LIST_ROWS: RowName[] = ['record', 'item', '']
const ROOT = join(import.meta.dirname, '../../../..')
const contracts: Dict<OperationContract> = Object.fromEntries(OPERATIONS.map((o) => [o.contract.id, o.contract]))

/** Every FEEL text of the definitions as lint meets it: the only list of places that cannot forget one. */
export async function placesOf(roots: string[] = [ROOT]): Promise<Places> {
  const { definitions, sources } = await loadDefinitions({ roots })
  const processes = await compileProcesses(definitions, { parse: parseBpmn, compile: compileProcess, lint: lintProcess })
  const programmeOf = new Map(Object.values(definitions.programmes).map((p) => [p, p] as const))
  const found = new Map<string, Place>()
  const all = new Set<string>()
  const closureOnly = new Set<string>()
  for (const programme of programmeOf.keys()) {
    const meet = (text: string, options: CompileOptions): ReturnType<typeof compile> => {
      const expression = compile(text, options)
      const place = placeOf(programme, text, options, expression.type)
      const key = `${place?.entity.id ?? ''}|${place?.rows.join() ?? ''}|${text}`
      all.add(key)
      if (!place || options.measure) return expression
      if (expression.notSqlable) closureOnly.add(key)
      else if (!found.has(key)) found.set(key, place)
      return expression
    }
    lint({ ...definitions, programmes: { [programme.id]: programme } }, {
      compile: meet, sources, process: processes.process, operations: contracts,
      rowConditions: (p, entity, role) => rowConditions(p, entity, role),
    })
    // a query for a role always carries them, whether lint has asked or not
    for (const entity of entitiesOf(programme)) {
      for (const text of Object.keys(programme.roles).flatMap((role) => rowConditions(programme, entity, role) ?? [])) {
        const key = `${entity.id}|${LIST_ROWS.join()}|${text}`
        all.add(key)
        if (!found.has(key)) found.set(key, { programme, entity, text, names: rowScope(entity).names, self: entity.id, rows: LIST_ROWS, type: { kind: 'boolean' } })
      }
    }
  }
  return { definitions, places: [...found.values()], seen: all.size, closureOnly: closureOnly.size }
}

/** The rows that a query over this place would have; none where it is asked without a record. */
function placeOf(programme: ProgrammeDef, text: string, options: CompileOptions, type: FeelType): Place | null {
  const item = options.names['item']
  const rows = (options.queryRows ?? (item?.kind === 'entity' ? ['item'] : ['record', ''])) as RowName[]
  const name = rows.includes('') ? options.self : rows.includes('item') && item?.kind === 'entity' ? item.entity : undefined
  const entity = name === undefined ? undefined : programme.entities[name] ?? Object.values(programme.entities).find((e) => e.id === name)
  return entity ? { programme, entity, text, names: options.names, self: options.self, rows, type } : null
}
