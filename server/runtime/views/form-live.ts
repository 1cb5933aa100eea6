import type { Dict, EntityDef, PropertyDef } from '#server/runtime/definitions/index.ts'
import { walk, type FactLoader, type NamesInScope } from '#server/runtime/records/index.ts'

/** Typed paths that visibility, requirement, defaults or values of other fields depend on, and references that copy something here. */
export function livePaths(loader: FactLoader, def: EntityDef, properties: Dict<PropertyDef>, scope: NamesInScope, root: 'record' | 'input'): string[] {
  const out = new Set<string>()
  const texts: string[] = []
  const take = (p: PropertyDef): void => {
    texts.push(...[p.when?.visible, p.when?.required, p.when?.readOnly, p.liveDefault, p.compute && p.compute.at !== 'read' ? p.compute.expr : undefined, p.compute?.if].filter((t): t is string => t !== undefined))
    if (p.ref?.copy) out.add(p.path)
  }
  for (const p of walk(properties)) { take(p); for (const c of Object.values(p.items?.properties ?? {})) take(c) }
  for (const s of Object.values(def.form.layout.sections)) if (s.if) texts.push(s.if)
  for (const text of texts) {
    for (const read of loader.context.registry.expression(loader.context.programme.id, text, scope).reads) {
      if (read.root !== root) continue
      const [first, second] = read.path
      const p = first ? properties[first] : undefined
      if (!p) continue
      out.add(p.kind === 'object' && second && p.properties?.[second] ? `${first}.${second}` : first!)
    }
  }
  return [...out]
}
