import type { Call } from '../../context.ts'
import type { FactLoader } from '../facts/loader.ts'
import { isRow } from '../schema/feel-values.ts'
import { good, rowOf, type Draft } from './draft.ts'
import { overlayDraft } from './values.ts'

const ORGANISATION = 'core/organisation'

/** The organisation that owns a new record: the one given, the first of the entity's scope paths that leads to one, else the person's own. */
export async function giveOwners(loader: FactLoader, call: Call, drafts: Draft[]): Promise<void> {
  const { registry, programme } = loader.context
  const fresh = good(drafts).filter((d) => d.create && !d.org)
  const found = await loader.settleAll(fresh, (d) => {
    for (const path of Object.values(d.def.form.scope).flat()) {
      if (!Object.hasOwn(d.def.properties, path.split('.')[0]!)) continue
      const value = registry.expression(programme.id, path, { id: `own:${d.def.id}`, self: d.def.id, names: { record: { kind: 'entity', entity: d.def.id } } }).evaluate(loader.scope({ record: rowOf(d) }))
      if (isRow(value) && value.entity === ORGANISATION) return value.id
    }
    return call.actor.orgId
  })
  fresh.forEach((d, i) => { d.org = found[i] ?? null; overlayDraft(loader, d) })
}

/** Own organisation and its ancestors, nearest first. */
export async function ancestors(loader: FactLoader, drafts: Draft[]): Promise<string[][]> {
  return loader.settleAll(drafts, (d) => {
    const chain: string[] = []
    for (let at = d.org; at && chain.length < 4;) {
      chain.push(at)
      const parent = loader.property({ $: 'row', entity: ORGANISATION, id: at }, 'parent')
      at = isRow(parent) ? parent.id : null
    }
    return chain
  })
}
