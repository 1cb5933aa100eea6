import { may } from '#server/runtime/access/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import type { Call } from '../../context.ts'
import { factsFor, type Engine } from '../engine.ts'
import type { FactLoader } from '../facts/loader.ts'
import { bareScope } from '../facts/scopes.ts'
import { visibleIds } from '../query/visible.ts'
import type { RecordData } from '../schema/codec.ts'
import { refuse, type Draft, type Via } from './draft.ts'
import { draftOf, loadRows, newDraft } from './load.ts'
import { lacksNumber, narrowDraft, prepareNarrow } from './narrow.ts'
import { narrowPlan, type NarrowPlan } from './narrow-plan.ts'
import { prepare } from './prepare.ts'
import { write, type WriteNote } from './write.store.ts'

export interface SaveItem {
  id?: string
  rev?: number
  data: RecordData
  /** identity and owner that a new record is to have, where the caller has them already */
  newId?: string
  org?: string | null
  createdAt?: number
}
export interface SaveOptions { via: Via; moments?: string[]; input?: FeelValue; lenient?: boolean; note?: Partial<WriteNote>; /** all or nothing */ whole?: boolean }

/**
 * Creates or changes a set of records of one entity. Good ones are stored, the others come back with every reason;
 * with `whole` one bad record keeps all from being stored. Runs in the caller's transaction or opens one.
 */
export async function saveSet(engine: Engine, call: Call, def: EntityDef, items: SaveItem[], options: SaveOptions): Promise<Draft[]> {
  return engine.db.tx(async () => {
    const loader = factsFor(engine, call)
    const byPerson = options.via.kind !== 'effect' && options.via.kind !== 'seed'
    const ids = items.flatMap((i) => (i.id ? [i.id] : []))
    let plan = narrowFor(loader, def, items, options)
    let rows = await loadRows(engine, loader, def, ids, plan?.columns)
    if (plan && lacksNumber(plan, rows)) { plan = null; rows = await loadRows(engine, loader, def, ids) }
    const narrow = plan
    const visible = byPerson ? await visibleIds(call, loader, def, ids) : null
    const drafts = items.map((item) => {
      if (!item.id) return { ...newDraft(engine, call, def, item.data, item.newId), ...(item.org ? { org: item.org } : {}), ...(item.createdAt !== undefined ? { createdAt: item.createdAt } : {}) }
      const raw = rows.get(item.id)
      if (!raw || (visible && !visible.has(item.id))) {
        const ghost = newDraft(engine, call, def, {}, item.id)
        refuse(ghost, 'NOT_FOUND', '记录不存在，可能已被删除或您无权查看')
        return ghost
      }
      const d = narrow ? narrowDraft(engine, narrow, def, raw, item.data) : draftOf(engine, def, raw, item.data, item.rev)
      if (item.rev !== undefined && item.rev !== d.storedRev) refuse(d, 'CONFLICT', '已被他人处理，请刷新后再试')
      return d
    })
    if (byPerson) await checkVerbs(call, loader, def, drafts, options.via)
    const keys = narrow ? await prepareNarrow(engine, call, loader, narrow, drafts) : await prepare(engine, call, loader, drafts, { via: options.via, ...(options.moments ? { moments: options.moments } : {}), ...(options.input !== undefined ? { input: options.input } : {}), ...(options.lenient ? { lenient: true } : {}) })
    if (options.whole && drafts.some((d) => d.problems.length > 0)) return drafts
    await write(engine, call, loader, drafts, keys, options.via, options.note)
    call.warned?.push(...drafts.flatMap((d) => (d.problems.length ? [] : d.warnings)))
    return drafts
  })
}

/** A set that changes a few columns by an effect: the other fields stay closed. */
function narrowFor(loader: FactLoader, def: EntityDef, items: SaveItem[], { via, moments, input }: SaveOptions): NarrowPlan | null {
  if (via.kind !== 'effect' || moments?.length || input !== undefined || items.some((i) => !i.id)) return null
  const names = new Set<string>()
  for (const item of items) for (const name in item.data) names.add(name)
  return names.size > 0 ? narrowPlan(loader, def, [...names].sort()) : null
}

async function checkVerbs(call: Call, loader: ReturnType<typeof factsFor>, def: EntityDef, drafts: Draft[], via: Via): Promise<void> {
  const { registry, programme } = loader.context
  const create = def.form.create
  const wayIn = via.kind === 'import' ? `import:${via.id}` : via.kind === 'action' ? `action:${via.id}` : null
  let mayCreate = wayIn ? may(programme, def, call.actor.role, wayIn) : may(programme, def, call.actor.role, 'create')
  if (!wayIn && create.via?.length) mayCreate = false
  for (const d of drafts) {
    if (d.problems.length) continue
    if (d.create) {
      const holds = !create.if || wayIn !== null || (await loader.settle(() => registry.expression(programme.id, create.if!, { ...bareScope, id: `create:${def.id}`, names: { ...bareScope.names, record: { kind: 'entity', entity: def.id } }, self: def.id }).evaluate(loader.scope({ record: { $: 'row', entity: def.id, id: d.id } })))) === true
      if (!mayCreate || !holds) refuse(d, 'FORBIDDEN', '您没有新建此类记录的权限')
    } else if (via.kind === 'user' && !may(programme, def, call.actor.role, 'edit') && !may(programme, def, call.actor.role, 'create')) refuse(d, 'FORBIDDEN', '您没有修改此记录的权限')
  }
}
