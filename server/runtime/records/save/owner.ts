import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { Expression } from '#server/runtime/expressions/types.ts'
import type { Call } from '../../context.ts'
import type { FactLoader } from '../facts/loader.ts'
import type { NamesInScope } from '../registry.ts'
import { isRow } from '../schema/feel-values.ts'
import { good, type Draft } from './draft.ts'
import { overlayDraft, scopeOf } from './values.ts'

const ORGANISATION = 'core/organisation'

/** The organisation that owns a new record: the one given, the first of the entity's scope paths that leads to one, else the person's own. */
export async function giveOwners(loader: FactLoader, call: Call, drafts: Draft[]): Promise<void> {
  const fresh = good(drafts).filter((d) => d.create && !d.org)
  const ways = new Map<EntityDef, Expression[]>()
  const waysOf = (def: EntityDef): Expression[] => { let found = ways.get(def); if (!found) ways.set(def, (found = scopePaths(loader, def))); return found }
  const found = await loader.settleAll(fresh, (d) => {
    for (const way of waysOf(d.def)) {
      const value = way.evaluate(scopeOf(loader, d))
      if (isRow(value) && value.entity === ORGANISATION) return value.id
    }
    return call.actor.orgId
  })
  fresh.forEach((d, i) => { d.org = found[i] ?? null; overlayDraft(loader, d) })
}

const scopePaths = ({ context: { registry, programme } }: FactLoader, def: EntityDef): Expression[] => {
  const place: NamesInScope = { id: `own:${def.id}`, self: def.id, names: { record: { kind: 'entity', entity: def.id } } }
  return Object.values(def.form.scope).flat().filter((path) => Object.hasOwn(def.properties, path.split('.')[0]!)).map((path) => registry.expression(programme.id, path, place))
}

/** Own organisation and its ancestors, nearest first. */
export async function ancestors(loader: FactLoader, drafts: Draft[]): Promise<string[][]> {
  const known = new Map<string, string[]>()
  const chainOf = (org: string): string[] => {
    const chain: string[] = []
    for (let at: string | null = org; at && chain.length < 4;) {
      chain.push(at)
      const parent = loader.property({ $: 'row', entity: ORGANISATION, id: at }, 'parent')
      at = isRow(parent) ? parent.id : null
    }
    known.set(org, chain)
    return chain
  }
  return loader.settleAll(drafts, (d) => (d.org ? (known.get(d.org) ?? chainOf(d.org)) : []))
}
