import type { JsonObject, ScenarioStep } from '../../runtime/definitions/index.ts'
import { exportRowsNow, importArchiveNow, importRowsNow } from '../../runtime/transfer/index.ts'
import { planPrint, renderPlan } from '../../runtime/print/index.ts'
import { askLookup } from '../../runtime/lookups/index.ts'
import { documentText } from '../document-text.ts'
import type { Outcome } from '../expect.ts'
import { sampleBytes } from '../sample-files.ts'
import { callOf, entityOf, refOf, resolve, type World } from '../world.ts'
import { matching } from './records.ts'
import { facts } from '../world.ts'
import { visibleIds } from '../../runtime/records/index.ts'

/** "entity.import" and the like: up to the last dot, and after it. */
function named(text: string): [string, string] {
  const dot = text.lastIndexOf('.')
  return [text.slice(0, dot), text.slice(dot + 1)]
}

export async function importRows(w: World, step: ScenarioStep): Promise<Outcome> {
  const [entity, id] = named(String(step.target.import))
  const def = entityOf(w, entity)
  const params = await resolve(w, step.params ?? {})
  const files = step.raw['files'] as Record<string, string> | undefined
  if (files) {
    const entries = await Promise.all(Object.entries(files).map(async ([name, sample]) => ({ name, bytes: (await sampleBytes(String(sample).replace(/^file:/, ''))).bytes })))
    const r = await importArchiveNow(w.house, callOf(w), def, id, params, entries)
    return { ok: r.ok, failed: r.failed, errors: r.errors, ...(r.refused ? { refused: r.refused } : {}) }
  }
  const rows = await resolve(w, step.rows ?? [])
  const r = await importRowsNow(w.house, callOf(w), def, id, params, rows as JsonObject[])
  return { ok: r.ok, failed: r.failed, errors: r.errors, ...(r.refused ? { refused: r.refused } : {}) }
}

export async function exportRows(w: World, step: ScenarioStep): Promise<Outcome> {
  const [entity, id] = named(String(step.target.export))
  const def = entityOf(w, entity)
  const ids = step.where ? (await matching(w, entity, step.where as JsonObject, false)).map((r) => r.id) : undefined
  const r = await exportRowsNow(w.house, callOf(w), def, id, ids ? { ids } : {})
  if (!r.ok) return { refused: r.problems.map((p) => p.message), denied: r.code === 'FORBIDDEN' }
  return { columns: r.columns, count: r.rows.length, rows: r.rows, text: r.rows.flat().join(' ') }
}

export async function render(w: World, step: ScenarioStep): Promise<Outcome> {
  const [entity, id] = named(String(step.target.render))
  const def = entityOf(w, entity)
  const refs = typeof step.on === 'string' && step.on.startsWith('$') ? [refOf(w, step.on)] : await matching(w, entity, (step.where ?? {}) as JsonObject, false)
  const call = callOf(w)
  const visible = await visibleIds(call, facts(w), def, refs.map((r) => r.id))
  const document = def.form.documents[id]
  if (!document) throw new Error(`${def.id} has no document ${id}`)
  const plan = await planPrint(w.core.engine, call, def, document, refs.map((r) => r.id).filter((x) => visible.has(x)))
  if (plan.units.length === 0) return { refused: ['所选记录目前没有可导出的材料'], denied: visible.size === 0 }
  const names: string[] = []
  let text = ''
  let pages = 0
  for await (const d of renderPlan({ core: w.core, files: w.house.files, documents: w.house.documents, publicUrl: 'https://certflow.example.org' }, call, plan)) {
    if (!d.ok) return { refused: [d.problem.userMessage] }
    names.push(d.name)
    pages += d.pages
    text += await documentText(d.type, Buffer.from(d.bytes))
  }
  return { pages, files: names, text }
}

export async function lookup(w: World, step: ScenarioStep): Promise<Outcome> {
  const [entity, id] = named(String(step.target.lookup))
  const keys = Object.fromEntries(Object.entries(await resolve(w, step.keys ?? {})).map(([k, v]) => [k, String(v)]))
  const r = await askLookup(w.house, w.core.registry.programme(w.programme), entityOf(w, entity), id, keys, { address: `scenario-${w.clock.now()}`, lang: 'zh' })
  return r.ok ? { count: 1, text: r.rows.map((x) => `${x.title} ${x.cell.text}`).join(' '), rows: r.rows.map((x) => [x.title, x.cell.text]) } : { count: 0, text: r.problems.map((p) => p.message).join(' '), refused: [] }
}
