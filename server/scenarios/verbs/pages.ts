import type { JsonObject, ScenarioStep } from '../../runtime/definitions/index.ts'
import type { Field, FormView, ListView, RecordView } from '../../services.ts'
import type { Outcome } from '../expect.ts'
import { entityOf, refOf, resolve, type World } from '../world.ts'
import { bytesOf, readRows } from './sheets.ts'
import { columnText, named, personOf, queryOf, refusal, servicesOf, textOf } from './ask.ts'

const titles = (list: { title: string }[]): string[] => list.map((x) => x.title)

/** The menu of the person's portal: groups and their entries in order. */
export async function menu(w: World): Promise<Outcome> {
  const shell = await servicesOf(w).shell(personOf(w))
  return { menu: Object.fromEntries(shell.menu.map((g) => [g.title, titles(g.items)])), text: `${shell.portalTitle} ${shell.programmeTitle}` }
}

/** A list as its page shows it. */
export async function page(w: World, step: ScenarioStep): Promise<Outcome> {
  const [entity, list] = named(String(step.target.page))
  const r = await servicesOf(w).list(personOf(w), entityOf(w, entity).id, list, await queryOf(w, step))
  if (!r.ok) return refusal(r)
  const { view } = r
  const refs = view.rows.map((row) => ({ entity: row.entity, id: row.id }))
  if (step.ref) w.refs.set(step.ref, refs)
  return {
    ...(refs[0] ? { ref: refs[0] } : {}), refs, count: view.total, rows: view.rows.map((row) => cellsOf(view, row)), columns: view.columns.map(columnText),
    tabs: Object.fromEntries(view.tabs.map((t) => [t.title, t.count])), filters: titles(view.filters), lists: titles(view.lists), toolbar: titles(view.toolbar), bulk: titles(view.bulk),
    cards: Object.fromEntries(view.cards.map((c) => [c.title, c.value])), text: `${view.title} ${view.need ?? ''} ${view.empty.why}`,
  }
}
/** Texts by the titles of columns and of their parts; 操作 = the buttons of the row that can be pressed. */
function cellsOf(view: ListView, row: ListView['rows'][number]): Record<string, unknown> {
  const out: Record<string, unknown> = { 操作: titles(row.buttons.filter((b) => !b.disabled?.length)) }
  for (const c of view.columns) {
    const cell = row.cells[c.id]
    if (c.group && Array.isArray(cell)) c.group.forEach((g, n) => { out[g.title] = cell[n]?.text ?? '' })
    else if (cell) out[c.title] = textOf(cell)
  }
  return out
}

/** A record as its page shows it. */
export async function view(w: World, step: ScenarioStep): Promise<Outcome> {
  const ref = refOf(w, String(step.target.view))
  const r = await servicesOf(w).record(personOf(w), ref.entity, ref.id)
  if (!r.ok) return { ref, refs: [ref], ...refusal(r) }
  const shown: RecordView = r.view
  const fields = shown.sections.flatMap((s) => s.fields)
  return {
    ref, refs: [ref], sections: Object.fromEntries(shown.sections.map((s) => [s.title, titles(s.fields)])), cells: Object.fromEntries(fields.map((f) => [f.title, textOf(f.cell)])), tables: tablesOf(fields),
    states: Object.fromEntries([...(shown.status ? [['', shown.status.label]] : []), ...shown.states.map((s) => [s.title, s.label])]),
    review: shown.review.map(entryOf), history: shown.history.map(entryOf), related: titles(shown.related), documents: titles(shown.documents), press: titles(shown.buttons.filter((b) => !b.disabled?.length)), text: fields.map((f) => textOf(f.cell)).join(' '),
  }
}
const tablesOf = (fields: Field[]): Record<string, { columns: string[]; rows: string[][] }> =>
  Object.fromEntries(fields.flatMap((f) => (f.table ? [[f.title, { columns: titles(f.table.columns), rows: f.table.rows.map((cells) => cells.map((c) => c.text)) }]] : [])))
const entryOf = (e: RecordView['review'][number]): Record<string, unknown> => ({ who: e.who, role: e.role, organisation: e.organisation, what: e.what, comment: e.comment ?? null, at: e.at, changes: Object.fromEntries((e.changes ?? []).map((c) => [c.title, `${c.from} → ${c.to}`])) })

/** The form of a new record, of a stored one, or of a button's dialog, after `data` was typed. */
export async function form(w: World, step: ScenarioStep): Promise<Outcome> {
  const text = String(step.target.form)
  const ref = text.startsWith('$') ? refOf(w, text) : null
  const button = typeof step.raw['button'] === 'string' ? { button: step.raw['button'] } : {}
  const target = { entity: ref ? ref.entity : entityOf(w, text).id, ...(ref ? { id: ref.id, ids: [ref.id] } : {}), ...button }
  const person = personOf(w)
  const typed = step.data ? ((await resolve(w, step.data)) as JsonObject) : null
  const r = typed ? await servicesOf(w).formRefresh(person, target, typed) : await servicesOf(w).form(person, target)
  return r.ok ? { ...(ref ? { ref } : {}), ...formOutcome(r.form) } : { ...(ref ? { ref } : {}), ...refusal(r) }
}

type Part = { title?: string; description?: string; properties?: Record<string, Part>; required?: string[]; readOnly?: boolean; oneOf?: { title?: string; const?: unknown }[]; enum?: unknown[]; items?: Part }
function formOutcome(made: FormView): Outcome {
  const schema = made.schema as unknown as Part
  const ui = made.uiSchema as Record<string, JsonObject | undefined>
  const sections = ((made.uiSchema['ui:sections'] ?? []) as unknown as { fields: string[]; title?: string; help?: string }[])
  const laid = [...new Set([...sections.flatMap((s) => s.fields), ...Object.keys(schema.properties ?? {})])]
  const own = laid.flatMap((name): [string, Part][] => (schema.properties?.[name] ? [[name, schema.properties[name]]] : []))
  const title = ([name, p]: [string, Part]): string => p.title ?? name
  const fixed = ([name, p]: [string, Part]): boolean => p.readOnly === true || ui[name]?.['ui:readonly'] === true
  const choices = (p: Part): string[] => (p.oneOf ?? p.items?.oneOf ?? []).map((o) => o.title ?? String(o.const))
  return {
    fields: own.map(title), required: own.filter(([name]) => schema.required?.includes(name)).map(title), readOnly: own.filter(fixed).map(title), choices: Object.fromEntries(own.map((p) => [title(p), choices(p[1])])),
    values: Object.fromEntries(own.map((p) => [title(p), made.labels[p[0]] ?? made.data[p[0]] ?? null])), press: titles(made.buttons), text: JSON.stringify([made.title, made.notes, made.uiSchema, made.schema]),
  }
}

/** A statistic as its page shows it; `files` and `text` are of its workbook. */
export async function report(w: World, step: ScenarioStep): Promise<Outcome> {
  const [entity, id] = named(String(step.target.report))
  const asked = [personOf(w), entityOf(w, entity).id, id ?? '', await queryOf(w, step)] as const
  const r = await servicesOf(w).reports(...asked)
  if (!r.ok) return refusal(r)
  const sheet = await servicesOf(w).reportFile(...asked)
  const written = sheet.ok ? await readRows(await bytesOf(sheet.file)) : []
  return { columns: titles(r.columns), rows: r.rows.map((cells) => cells.map((c) => c.text)), count: r.rows.length, filters: titles(r.filters), lists: titles(r.siblings), files: sheet.ok ? [sheet.file.name] : [], text: [r.title, ...written.flat()].join(' ') }
}
