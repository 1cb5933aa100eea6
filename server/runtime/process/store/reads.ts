import type { EntityDef, ProgrammeDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import { recordScope, type Registry } from '#server/runtime/records/index.ts'
import type { CompiledProcess } from '../core/index.ts'
import type { ProcessCatalogue } from './catalogue.ts'

/** Where an expression reaches rows of another entity: by a reference column of the record itself, or by any other way (null). */
export type Reach = Map<string, Set<string | null>>

/** Entities whose rows an expression of a record reads besides that record. */
export function reachOf(registry: Registry, programme: ProgrammeDef, def: EntityDef, text: string, depth = 0): Reach {
  const out: Reach = new Map()
  const add = (entity: string, via: string | null) => { out.set(entity, (out.get(entity) ?? new Set()).add(via)) }
  for (const read of registry.expression(programme.id, text, recordScope(def)).reads) {
    const start = (read.entity && registry.findEntity(programme.id, read.entity)) || (read.root === 'record' ? def : undefined)
    if (!start) continue
    const own = read.root === 'record' || read.root === ''
    if (!own) add(start.id, null)
    follow(registry, programme, start, read.path, own, add, depth)
  }
  return out
}

function follow(registry: Registry, programme: ProgrammeDef, start: EntityDef, path: string[], own: boolean, add: (entity: string, via: string | null) => void, depth: number): void {
  let at = start
  let level: Record<string, PropertyDef> = start.properties
  let direct = own
  const go = (entity: string, via: string | null): void => { at = registry.entity(programme.id, entity); level = at.properties; add(at.id, via); direct = false }
  for (const name of path) {
    const inverse = level === at.properties ? at.inverses[name] : undefined
    const p: PropertyDef | undefined = level[name]
    if (!p) { if (inverse) go(inverse.entity, null); continue }
    if (p.compute?.at === 'read' && depth < 5) for (const [e, vias] of reachOf(registry, programme, at, p.compute.expr, depth + 1)) for (const via of vias) add(e, direct ? via : null)
    const inner = p.kind === 'array' && p.items ? p.items : p
    if (inner.ref) go(inner.ref.entity, direct && inner === p && p.column ? p.column.name : null)
    else level = inner.properties ?? {}
  }
}

/** Processes whose timers or conditions read rows of an entity that is not the record itself. */
export interface Listener { def: EntityDef; process: string; timers: boolean; conditions: boolean; via: Set<string | null> }
const plans = new WeakMap<ProgrammeDef, Map<string, Listener[]>>()

export function listenersOf(registry: Registry, catalogue: ProcessCatalogue, programme: ProgrammeDef, entity: string): Listener[] {
  let plan = plans.get(programme)
  if (!plan) plans.set(programme, (plan = planOf(registry, catalogue, programme)))
  return plan.get(entity) ?? []
}

function planOf(registry: Registry, catalogue: ProcessCatalogue, programme: ProgrammeDef): Map<string, Listener[]> {
  const plan = new Map<string, Listener[]>()
  for (const def of new Set(Object.values(programme.entities))) {
    const process = catalogue.of(programme, def)
    if (!process) continue
    for (const { text, timer } of listening(process.compiled)) {
      for (const [entity, vias] of reachOf(registry, programme, def, text)) {
        const list = plan.get(entity) ?? []
        plan.set(entity, list)
        let l = list.find((x) => x.def === def)
        if (!l) list.push((l = { def, process: process.id, timers: false, conditions: false, via: new Set() }))
        if (timer) l.timers = true
        else l.conditions = true
        for (const via of vias) l.via.add(via)
      }
    }
  }
  return plan
}

const listening = (p: CompiledProcess): { text: string; timer: boolean }[] => Object.values(p.elements).flatMap((e) => [
  ...(e.timer?.kind === 'date' ? [{ text: e.timer.expr, timer: true }] : []), ...(e.event === 'conditional' && e.condition ? [{ text: e.condition, timer: false }] : []),
])
