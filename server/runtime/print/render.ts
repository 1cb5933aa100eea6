import { Readable } from 'node:stream'
import { compileTemplate, uniqueName, type CompiledTemplate, type Documents, type DocumentResult, type RenderEnv } from '#server/runtime/documents/index.ts'
import type { TemplateDef } from '#server/runtime/definitions/index.ts'
import type { Files } from '#server/runtime/files/index.ts'
import type { Engine } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import type { OperationContext } from '../contracts.ts'
import { printContexts, type PrintPlan } from './contexts.ts'

export interface PrintParts { core: { engine: Engine; call(actor: Call['actor']): Call; system(programme: string): Call }; files: Files; documents: Documents; publicUrl: string }
const MAX_FILE = 20 * 1024 * 1024
const BATCH = 100
const compiled = new WeakMap<TemplateDef, CompiledTemplate>()

export function templateOf(def: TemplateDef): CompiledTemplate {
  let t = compiled.get(def)
  if (!t) {
    const made = compileTemplate(def)
    if (!made.template) throw new Error(made.findings.map((f) => `${f.file}:${f.line}: ${f.message}`).join('\n'))
    compiled.set(def, (t = made.template))
  }
  return t
}

export function renderEnv(parts: PrintParts, call: Call): RenderEnv {
  return {
    now: call.now, zone: call.zone, site: { name: call.programme.title.zh, baseUrl: parts.publicUrl },
    readFile: async (ref) => {
      const file = await parts.files.get(ref)
      return { bytes: await parts.files.read(ref, MAX_FILE), type: file.mime }
    },
  }
}

/** All documents of a plan, in order; contexts are made in batches of 100 while the ones before print. */
export async function* renderPlan(parts: PrintParts, call: Call, plan: PrintPlan, type?: 'pdf' | 'xlsx'): AsyncGenerator<DocumentResult> {
  async function* contexts() {
    for (let i = 0; i < plan.units.length; i += BATCH) yield* await printContexts(parts.core.engine, call, plan, plan.units.slice(i, i + BATCH))
  }
  yield* parts.documents.stream(templateOf(plan.template), contexts(), renderEnv(parts, call), type)
}

/** What operations see of documents: one file per record, stored encrypted. */
export function renderer(parts: PrintParts): OperationContext['documents'] {
  return {
    async render(template, entity, ids, programme, each) {
      const call = parts.core.system(programme)
      const def = call.programme.templates[template]
      if (!def) throw new Error(`template ${template} is not defined in ${programme}`)
      const plan: PrintPlan = { units: ids.map((id) => [id]), template: def, entity: parts.core.engine.registry.entity(programme, entity), skipped: 0 }
      for await (const d of renderPlan(parts, call, plan)) {
        const id = ids[d.index]!
        if (!d.ok) { await each(id, null, d.problem.userMessage); continue }
        const name = uniqueName(d.name, new Set())
        const file = await parts.files.put(Readable.from([Buffer.from(d.bytes)]), { kind: 'document', name, mime: d.type === 'pdf' ? 'application/pdf' : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', maxBytes: MAX_FILE, encrypt: true, entity: def.entity, record: id })
        await each(id, { id: file.id, name, bytes: file.bytes })
      }
    },
  }
}
