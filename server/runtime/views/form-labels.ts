import type { JsonObject } from '#server/runtime/definitions/index.ts'
import type { Dict, PropertyDef } from '#server/runtime/definitions/index.ts'
import { rowScope, presentValue, pathEnd, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { namesOfFiles } from './cells.ts'
import { isObject, type ViewParts } from './parts.ts'

interface Spot { path: string; p: PropertyDef; id: string }

function spotsOf(properties: Dict<PropertyDef>, data: JsonObject, parent = ''): Spot[] {
  return Object.values(properties).flatMap((p): Spot[] => {
    const value = data[p.name]
    const path = parent === '' ? p.name : `${parent}.${p.name}`
    if (value === undefined || value === null) return []
    if ((p.ref || p.file) && typeof value === 'string') return [{ path, p, id: value }]
    if (p.kind === 'object' && p.properties && isObject(value)) return spotsOf(p.properties, value, path)
    if (p.kind !== 'array' || !Array.isArray(value) || !p.items) return []
    const items = p.items
    return value.flatMap((v, i): Spot[] => ((items.ref || items.file) && typeof v === 'string' ? [{ path: `${path}.${i}`, p: items, id: v }] : items.properties && isObject(v) ? spotsOf(items.properties, v, `${path}.${i}`) : []))
  })
}

/** The words of a reference; call inside settle. */
export function refLabel(call: Call, loader: FactLoader, p: PropertyDef, id: string): string {
  const target = loader.definition(p.ref!.entity)
  const row = { $: 'row', entity: target.id, id } as const
  const path = p.ref!.label || target.label
  const value = loader.context.registry.expression(call.programme.id, path, rowScope(target)).evaluate(loader.scope({ record: row, item: row }))
  return presentValue(loader, pathEnd(loader, target, path)?.prop, value, call.actor.lang).text || id
}

/** Texts of the references and files that a form shows, by path. */
export async function labelsOf(parts: ViewParts, call: Call, loader: FactLoader, properties: Dict<PropertyDef>, data: JsonObject): Promise<Record<string, string>> {
  const spots = spotsOf(properties, data)
  const refs = spots.filter((s) => s.p.ref && /^\d{1,16}$/.test(s.id))
  const files = spots.filter((s) => s.p.file)
  const labels = await loader.settleAll(refs, (s) => refLabel(call, loader, s.p, s.id))
  const names = await namesOfFiles(parts, files.map((s) => s.id))
  return Object.fromEntries([...refs.map((s, i) => [s.path, labels[i]!] as const), ...files.map((s) => [s.path, names.get(s.id) ?? ''] as const)])
}
