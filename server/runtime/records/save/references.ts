import type { PropertyDef } from '#server/runtime/definitions/model.ts'
import type { FactLoader } from '../facts/loader.ts'
import { itemScope } from '../facts/scopes.ts'
import { getPath } from '../schema/properties.ts'
import { say } from './messages.ts'
import { good, refuse, type Draft } from './draft.ts'
import { planOf } from './plan.ts'
import { changedPath, scopeOf } from './values.ts'

interface Ask { d: Draft; p: PropertyDef; id: string; at: string }

function asksOf(d: Draft): Ask[] {
  const out: Ask[] = []
  for (const p of d.held?.changed ?? planOf(d.def).chosen) {
    const value = getPath(d.data, p.path)
    if (value == null || !changedPath(d, p.path)) continue
    if (p.ref) out.push({ d, p, id: String(value), at: p.path })
    else if (p.kind === 'array' && Array.isArray(value)) {
      value.forEach((item: unknown, i) => {
        if (p.items?.ref) out.push({ d, p: p.items, id: String(item), at: `${p.path}.${i}` })
        for (const c of Object.values(p.items?.properties ?? {})) {
          const id = c.ref ? (item as Record<string, unknown> | null)?.[c.name] : undefined
          if (id != null) out.push({ d, p: c, id: String(id), at: `${p.path}.${i}.${c.name}` })
        }
      })
    }
  }
  return out
}

/** Every newly chosen reference exists, belongs to this programme and meets its `where` (seeds may show what has since gone out of range). */
export async function checkReferences(loader: FactLoader, drafts: Draft[], withWhere: boolean): Promise<void> {
  const { registry, programme } = loader.context
  const asks = good(drafts).flatMap(asksOf)
  const fellows = new Set(drafts.map((o) => `${o.def.id}/${o.id}`))
  // whether a record is there is not another question for each that refers to it
  const same = new Map<PropertyDef, Map<string, Ask>>()
  const asked = asks.filter((ask) => {
    if (ask.p.ref!.where && withWhere) return true
    let byId = same.get(ask.p)
    if (!byId) same.set(ask.p, (byId = new Map()))
    if (byId.has(ask.id)) return false
    byId.set(ask.id, ask)
    return true
  })
  const answers = new Map<Ask, 'ok' | 'missing' | 'outside'>()
  const found = await loader.settleAll(asked, ({ d, p, id }) => {
    const target = loader.definition(p.ref!.entity)
    const row = { $: 'row', entity: target.id, id } as const
    const fresh = fellows.has(`${target.id}/${id}`)
    if (!fresh && (!/^\d+$/.test(id) || loader.property(row, 'createdAt') === null)) return 'missing'
    if (!fresh && target.home === 'programme' && loader.property(row, 'program') !== programme.id) return 'missing'
    if (!p.ref!.where || !withWhere) return 'ok'
    const own = scopeOf(loader, d)
    return registry.expression(programme.id, p.ref!.where, itemScope(target, d.def)).evaluate({ ...own, names: { ...own.names, item: row } }) === true ? 'ok' : 'outside'
  })
  asked.forEach((ask, i) => answers.set(ask, found[i]!))
  for (const ask of asks) {
    const { d, p, at } = ask
    const answer = answers.get(ask) ?? answers.get(same.get(p)!.get(ask.id)!)
    if (answer === 'missing') refuse(d, 'REFERENCE_MISSING', `${say(p.title)}：所选记录不存在或已删除，请重新选择`, at)
    if (answer === 'outside') refuse(d, 'REFERENCE_OUTSIDE', `${say(p.title)}：所选记录不在可选范围内，请重新选择`, at)
  }
}
