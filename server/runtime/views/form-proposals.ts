import type { FormView } from '#server/services.ts'
import type { Dict, JsonObject, PropertyDef } from '#server/runtime/definitions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { feelToProperty, presentValue, walk, type FactLoader, type NamesInScope } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { refLabel } from './form-labels.ts'

/** What the live defaults would be with the values the form holds, by path; those that follow nothing typed are left out. Call inside settle. */
export function proposalsOf(call: Call, loader: FactLoader, properties: Dict<PropertyDef>, scope: NamesInScope, names: Record<string, FeelValue>): NonNullable<FormView['proposals']> {
  const { registry, programme } = loader.context
  const out: NonNullable<FormView['proposals']> = {}
  for (const p of walk(properties)) {
    if (p.liveDefault === undefined) continue
    const expression = registry.expression(programme.id, p.liveDefault, scope)
    if (!expression.reads.some((read) => read.path.length > 0)) continue
    const result = expression.evaluate(loader.scope(names))
    const raw = feelToProperty(p, result) as JsonObject[string] | undefined
    // as it is stored
    const value = p.kind === 'date-time' && typeof raw === 'string' ? new Date(Date.parse(raw)).toISOString() : raw
    if (value === undefined || value === null) continue
    out[p.path] = { value, text: p.ref && typeof value === 'string' ? refLabel(call, loader, p, value) : presentValue(loader, p, result, call.actor.lang).text }
  }
  return out
}
