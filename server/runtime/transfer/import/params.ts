import { accessOf } from '#server/runtime/access/index.ts'
import type { EntityDef, ImportDef, PropertyDef } from '#server/runtime/definitions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { factsFor, itemScope, propertyToFeel, say, visibleIds, type Engine, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call, Problem } from '../../context.ts'

/** Parameters as FEEL sees them. */
export const paramValues = (spec: ImportDef, params: Record<string, unknown>): Record<string, FeelValue> =>
  Object.fromEntries(Object.entries(spec.params).map(([k, p]) => [k, propertyToFeel(p, params[k])]))

const empty = (v: unknown): boolean => v === undefined || v === null || v === '' || (Array.isArray(v) && v.length === 0)

const TYPE: Partial<Record<PropertyDef['kind'], (v: unknown) => boolean>> = {
  string: (v) => typeof v === 'string', boolean: (v) => typeof v === 'boolean', integer: (v) => Number.isInteger(v), number: (v) => typeof v === 'number' && Number.isFinite(v),
  date: (v) => typeof v === 'string' && /^\d{4}-\d\d-\d\d$/.test(v), 'date-time': (v) => typeof v === 'string' && Number.isFinite(Date.parse(v)), ref: (v) => typeof v === 'string' && /^\d{1,19}$/.test(v),
}

function plainProblem(name: string, p: PropertyDef, value: unknown, call: Call): Problem | null {
  const title = say(p.title, call.actor.lang)
  if (empty(value)) return p.required ? { code: 'REQUIRED', message: `请先选择${title}`, path: name } : null
  if (TYPE[p.kind] && !TYPE[p.kind]!(value)) return { code: 'PARAM_TYPE', message: `${title}：类型不正确，请重新选择`, path: name }
  if (p.enum && !p.enum.includes(String(value))) return { code: 'PARAM_ENUM', message: `${title}：不在可选范围内，请重新选择`, path: name }
  return null
}

/**
 * Values of an import's parameters with defaults, and what is wrong with them: missing, of another type, or a reference that
 * does not exist, that its `where` leaves out or that the person may not see.
 */
export async function checkParams(engine: Engine, call: Call, spec: ImportDef, given: Record<string, unknown>): Promise<{ params: Record<string, unknown>; problems: Problem[] }> {
  const params = Object.fromEntries(Object.entries(spec.params).flatMap(([k, p]) => {
    const value = empty(given[k]) ? p.default : given[k]
    return value === undefined ? [] : [[k, value]]
  }))
  const problems = Object.entries(spec.params).flatMap(([k, p]) => plainProblem(k, p, params[k], call) ?? [])
  if (problems.length > 0) return { params, problems }
  const loader = factsFor(engine, call)
  const names = paramValues(spec, params)
  for (const [name, p] of Object.entries(spec.params)) {
    const id = params[name]
    if (!p.ref || typeof id !== 'string') continue
    if (!(await isChoosable(loader, call, loader.definition(p.ref.entity), p, id, names))) problems.push({ code: 'REFERENCE_OUTSIDE', message: `${say(p.title, call.actor.lang)}：所选记录不在可选范围内，请重新选择`, path: name })
  }
  return { params, problems }
}

async function isChoosable(loader: FactLoader, call: Call, target: EntityDef, p: PropertyDef, id: string, params: Record<string, FeelValue>): Promise<boolean> {
  const row = { $: 'row', entity: target.id, id } as const
  const { registry, programme } = loader.context
  const holds = await loader.settle(() => {
    if (loader.property(row, 'createdAt') === null) return false
    if (target.home === 'programme' && loader.property(row, 'program') !== programme.id) return false
    if (!p.ref!.where) return true
    return registry.expression(programme.id, p.ref!.where, itemScope(target)).evaluate(loader.scope({ item: row, params, input: params, record: null, old: null })) === true
  })
  // catalogues that a role has no list of may still be chosen from, as in a form
  return holds && (accessOf(programme, target, call.actor.role) === null || (await visibleIds(call, loader, target, [id])).has(id))
}
