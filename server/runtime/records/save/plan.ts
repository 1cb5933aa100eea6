import type { EntityDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import { walk } from '../schema/properties.ts'

export interface Computed { p: PropertyDef; text: string; if?: string; once: boolean; live: boolean }
/** What each step of a save looks at, by definition: a walk over all properties per record would cost more than the step. */
export interface SavePlan {
  defaults: PropertyDef[]
  instants: PropertyDef[]
  /** rich text, cleaned when it is stored */
  rich: PropertyDef[]
  copies: PropertyDef[]
  computed: Computed[]
  /** references that people choose, alone or in lists */
  chosen: PropertyDef[]
  /** those that may be required or hidden */
  asked: PropertyDef[]
  /** lists of objects */
  tables: PropertyDef[]
}

const plans = new WeakMap<EntityDef, SavePlan>()
export function planOf(def: EntityDef): SavePlan {
  let plan = plans.get(def)
  if (!plan) plans.set(def, (plan = makePlan(def)))
  return plan
}

const inItems = (p: PropertyDef, has: (p: PropertyDef) => boolean): boolean => p.kind === 'array' && p.items !== undefined && (has(p.items) || Object.values(p.items.properties ?? {}).some(has))

function makePlan(def: EntityDef): SavePlan {
  const all = walk(def.properties)
  const widget = (p: PropertyDef): string => def.form.layout.widgets[p.path]?.widget ?? ''
  return {
    defaults: all.filter((p) => p.default !== undefined && p.kind !== 'object'),
    instants: all.filter((p) => p.kind === 'date-time'),
    rich: all.filter((p) => p.media === 'text/html' || /^rich(-text)?$/.test(widget(p))),
    copies: all.filter((p) => p.ref?.copy),
    computed: all.flatMap(computedBy),
    chosen: all.filter((p) => !p.compute && (p.ref !== undefined || inItems(p, (i) => i.ref !== undefined))),
    asked: all.filter((p) => p.required || p.when?.visible !== undefined || p.when?.required !== undefined),
    tables: all.filter((p) => p.kind === 'array' && p.items?.properties),
  }
}

function computedBy(p: PropertyDef): Computed[] {
  if (p.compute && p.compute.at !== 'read') return [{ p, text: p.compute.expr, ...(p.compute.if ? { if: p.compute.if } : {}), once: p.compute.at === 'create', live: false }]
  return p.liveDefault ? [{ p, text: p.liveDefault, once: false, live: true }] : []
}
