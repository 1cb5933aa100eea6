import { isOneOf, may } from '#server/runtime/access/index.ts'
import { entitiesOf, type EntityDef, type ListDef } from '#server/runtime/definitions/index.ts'
import { inputSchema } from '#server/runtime/process/index.ts'
import { columnTitle, factsFor, filterShape, missingFilters, tabsOf, type FactLoader } from '#server/runtime/records/index.ts'
import { describeImport } from '#server/runtime/transfer/index.ts'
import type { Actor, Call } from '../context.ts'
import { createSchema, patchSchema, plainInput, recordSchema } from './api-schema.ts'
import { everything } from './api-list.ts'
import type { ApiButton, ApiDescription, ApiEntity, ApiFilter, ApiImport } from './api-types.ts'
import { choicesOf } from './list-columns.ts'
import { listsOf, mayRead, textOf, type ViewParts } from './parts.ts'

function filtersOf(call: Call, loader: FactLoader, def: EntityDef, list: ListDef): ApiFilter[] {
  const required = new Set(missingFilters({ ...list, filters: Object.fromEntries(Object.entries(list.filters).map(([k, f]) => [k, { path: f.path }])) }, {}))
  return Object.entries(list.filters).flatMap(([id, f]): ApiFilter[] => {
    const shape = filterShape(loader, def, f)
    if (!shape) return []
    const title = textOf(call, f.title) || columnTitle(loader, def, { path: f.path }, call.actor.lang)
    const values = shape.kind === 'select' ? choicesOf(call, shape.prop, f.values).map(({ value, label }) => ({ value, label })) : []
    return [{ id, title, kind: shape.kind, ...(values.length ? { values } : {}), ...(required.has(id) ? { required: true } : {}) }]
  })
}

/** What the role may press on this entity's records, whenever a record's process and rules offer it. */
function buttonsOf(parts: ViewParts, call: Call, def: EntityDef): ApiButton[] {
  const { role } = call.actor
  const out = new Map<string, ApiButton>()
  const offered = (offer: { form?: string }) => { const schema = inputSchema(call, offer); return schema ? plainInput(schema) : null }
  for (const el of Object.values(parts.core.processes.catalogue.of(call.programme, def)?.compiled.elements ?? {})) {
    if (!el.role?.length) continue
    for (const o of el.outcomes) {
      if (!isOneOf(call.programme, role, o.role?.length ? o.role : el.role)) continue
      out.set(o.id, { id: o.id, title: o.label, kind: 'outcome', on: 'record', comment: o.comment, signature: o.signature === 'drawn', input: offered(o) })
    }
    if (el.label && el.message && isOneOf(call.programme, role, el.role)) out.set(el.message, { id: el.message, title: el.label, kind: 'message', on: 'record', comment: el.comment ?? 'none', signature: false, input: offered(el) })
  }
  for (const [id, a] of Object.entries(def.form.actions)) {
    if (a.do === 'export' || !may(call.programme, def, role, a.do === 'delete' ? 'delete' : `action:${id}`)) continue
    const edited = a.do === 'edit' ? (createSchema(call, def, true)['properties'] as Record<string, never>) : {}
    const own = Object.fromEntries(Object.entries(edited).filter(([k]) => a.fields?.includes(k)))
    const input = a.input ? plainInput(a.input) : Object.keys(own).length ? { type: 'object', properties: own } : null
    out.set(id, { id, title: textOf(call, a.title), kind: 'action', on: a.scope === 'none' ? 'none' : 'record', comment: 'none', signature: false, input })
  }
  return [...out.values()]
}

const importsOf = (call: Call, def: EntityDef): ApiImport[] => Object.entries(def.form.imports).flatMap(([id, spec]): ApiImport[] => {
  const found = spec.kind !== 'pick' && may(call.programme, def, call.actor.role, `import:${id}`) ? describeImport(call, def, id) : null
  if (!found?.ok || spec.kind === 'pick') return []
  return [{ id, title: found.view.title, kind: spec.kind, accept: found.view.accept, maxBytes: found.view.maxBytes, params: found.view.params ? plainInput(found.view.params.schema) : null }]
})

async function entity(parts: ViewParts, call: Call, loader: FactLoader, def: EntityDef): Promise<ApiEntity> {
  const can = (verb: string): boolean => may(call.programme, def, call.actor.role, verb)
  const draft = (await parts.core.engine.hooks.isDraft(call, def, null)).size > 0
  return {
    id: def.id, family: def.id.split('/')[0]!, name: def.id.split('/').slice(1).join('/'), title: textOf(call, def.title),
    record: recordSchema(call, def),
    create: can('create') && def.form.create.via === undefined ? createSchema(call, def, draft) : null,
    patch: can('edit') || can('create') ? patchSchema(call, def) : null,
    delete: def.form.delete !== null && can('delete'),
    filters: filtersOf(call, loader, def, everything(call, def)),
    lists: listsOf(call, def).map(([id, list]) => ({ id, title: textOf(call, list.title) || textOf(call, def.title), filters: filtersOf(call, loader, def, list), tabs: tabsOf(loader, def, list).map((t) => t.id) })),
    buttons: buttonsOf(parts, call, def), imports: importsOf(call, def),
  }
}

/** Every entity that the caller's role may read in the programme, with what else it may do. */
export async function describeApi(parts: ViewParts, actor: Actor): Promise<ApiDescription> {
  const call = parts.core.call(actor)
  const loader = factsFor(parts.core.engine, call)
  const entities: ApiEntity[] = []
  for (const def of entitiesOf(call.programme)) if (mayRead(call, def)) entities.push(await entity(parts, call, loader, def))
  return { programme: { id: call.programme.id, title: textOf(call, call.programme.title), version: call.programme.version }, role: actor.roleTitle, entities }
}
