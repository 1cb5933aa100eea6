import type { Button, RecordView } from '#server/services.ts'
import type { EntityDef } from '#server/runtime/definitions/index.ts'
import { buttonsFor } from '#server/runtime/desk/index.ts'
import { factsFor, presentValue, rowScope, visibleIds, type FactLoader } from '#server/runtime/records/index.ts'
import type { Actor, Call, Result } from '../context.ts'
import { documentButtons, oneDeletion, toButton } from './buttons.ts'
import { ruleAt, shownAt } from './cells.ts'
import { processOf, waitingOf } from './record-process.ts'
import { relatedOf } from './record-related.ts'
import { recordSections } from './record-sections.ts'
import { trailOf } from './record-trail.ts'
import { auditPlain } from './personal-reads.ts'
import { entityOf, isId, mayRead, notFound, textOf, type ViewParts } from './parts.ts'

/** The name of a record, as its entity says; call inside settle. */
export const recordTitle = (call: Call, loader: FactLoader, def: EntityDef, id: string): string => presentValue(loader, undefined, { $: 'row', entity: def.id, id }, call.actor.lang).text

/** One record as the person may see it: values, trail, process, buttons. */
export async function viewRecord(parts: ViewParts, actor: Actor, entity: string, id: string): Promise<Result<{ view: RecordView }>> {
  const call = parts.core.call(actor)
  const def = entityOf(parts, call, entity)
  if (!def || !isId(id) || !mayRead(call, def)) return notFound()
  const loader = factsFor(parts.core.engine, call)
  if (!(await visibleIds(call, loader, def, [id])).has(id)) return notFound()
  const buttons = await buttonsFor(parts.core.processes, call, loader, def, [id])
  const row = { $: 'row', entity: def.id, id } as const
  const head = await loader.settle(() => ({ title: recordTitle(call, loader, def, id), rev: Number(loader.property(row, 'rev') ?? 0), states: statesOf(call, loader, def, row), documents: printable(call, loader, def, row) }))
  const trail = await trailOf(parts, call, loader, def, id)
  const waitingFor = await waitingOf(parts, call, loader, def, id)
  const process = await processOf(parts, call, def, id, trail.elements)
  const status = head.states.find((s) => s.path === 'status')
  const sections = await recordSections(parts, call, loader, def, id)
  await auditPlain(parts, call, loader, 'record')
  const due = waitingFor.flatMap((w) => w.due ?? []).sort()[0]
  return {
    ok: true,
    view: {
      entity: def.id, id, rev: head.rev, title: head.title || textOf(call, def.title), entityTitle: textOf(call, def.form.title) || textOf(call, def.title),
      ...(status ? { status: { code: status.code, label: status.label, ...(status.colour ? { colour: status.colour } : {}) } } : {}),
      states: head.states.filter((s) => s.path !== 'status').map(({ code: _, ...s }) => s), ...(due ? { due } : {}),
      buttons: oneDeletion(buttons.get(id) ?? []).map((b): Button => toButton(call, b)), sections,
      related: relatedOf(parts, call, def, id), review: trail.review, history: trail.history, documents: head.documents, ...(process ? { process } : {}), waitingFor,
    },
  }
}

function statesOf(call: Call, loader: FactLoader, def: EntityDef, row: { $: 'row'; entity: string; id: string }) {
  return Object.values(def.properties).flatMap((p) => {
    if (!p.states || ruleAt(call, loader, def, row, p.path).hidden) return []
    const shown = shownAt(call, loader, def, { path: p.path }, row)
    return shown?.text ? [{ path: p.path, code: String(shown.raw), title: textOf(call, p.title), label: shown.text, ...(shown.colour ? { colour: shown.colour } : {}) }] : []
  })
}

const printable = (call: Call, loader: FactLoader, def: EntityDef, row: { $: 'row'; entity: string; id: string }): Button[] =>
  documentButtons(call, def).filter((b) => {
    const text = def.form.documents[b.id]?.if
    return !text || loader.context.registry.expression(call.programme.id, text, rowScope(def)).evaluate(loader.scope({ record: row, item: row })) === true
  })
