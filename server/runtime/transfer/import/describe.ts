import type { EntityDef, ImportDef, JsonObject, PropertyDef } from '#server/runtime/definitions/index.ts'
import { say } from '#server/runtime/records/index.ts'
import type { Call, Lang, Result } from '../../context.ts'
import type { FormView, ImportView } from '../../../services.ts'
import { columnsOf, findImport } from './find-import.ts'
import { acceptOf } from './start.ts'

const TYPE: Partial<Record<PropertyDef['kind'], JsonObject>> = {
  integer: { type: 'integer' }, number: { type: 'number' }, boolean: { type: 'boolean' }, date: { type: 'string', format: 'date' }, 'date-time': { type: 'string', format: 'date-time' }, time: { type: 'string', format: 'time' },
}

function schemaOf(p: PropertyDef, lang: Lang): JsonObject {
  const base: JsonObject = { ...(TYPE[p.kind] ?? { type: 'string' }), title: say(p.title, lang) }
  if (p.help) base['description'] = say(p.help, lang)
  if (!p.enum) return base
  const { enumTitles } = p
  if (!enumTitles) return { ...base, enum: p.enum }
  return { ...base, oneOf: p.enum.map((code) => ({ const: code, title: say(enumTitles[code] ?? code, lang) })) }
}

/** Names of other parameters that a choice depends on: asked anew when they change. */
const dependsOn = (spec: ImportDef): string[] =>
  Object.keys(spec.params).filter((name) => Object.values(spec.params).some((p) => p.ref?.where !== undefined && new RegExp(`\\bparams\\.${name}\\b`).test(p.ref.where)))

function paramsForm(def: EntityDef, id: string, spec: ImportDef, lang: Lang): FormView | null {
  const entries = Object.entries(spec.params)
  if (entries.length === 0) return null
  const ui = entries.flatMap(([name, p]): [string, JsonObject][] => (p.ref ? [[name, { 'ui:widget': 'ref' }]] : []))
  return {
    entity: def.id, id, title: say(spec.title, lang), labels: {}, live: dependsOn(spec), buttons: [],
    schema: { type: 'object', properties: Object.fromEntries(entries.map(([name, p]) => [name, schemaOf(p, lang)])), required: entries.filter(([, p]) => p.required).map(([name]) => name) },
    uiSchema: Object.fromEntries(ui), data: Object.fromEntries(entries.flatMap(([name, p]) => (p.default !== undefined ? [[name, p.default]] : []))),
  }
}

/** What the import dialog shows before a file is chosen. */
export function describeImport(call: Call, def: EntityDef, id: string): Result<{ view: ImportView }> {
  const found = findImport(call, def, id)
  if (!found.ok) return found
  const { spec } = found
  const { lang } = call.actor
  const columns = Object.values(columnsOf(call.programme, def, spec)).map((c) => {
    const values = Object.keys(c.values ?? {})
    return { title: c.title, required: c.required, ...(values.length ? { values } : {}), ...(c.help ? { help: say(c.help, lang) } : {}) }
  })
  const notes = [...(spec.notes ? say(spec.notes, lang).split('\n') : []), ...(spec.kind === 'pick' ? [] : [`一次最多导入 ${spec.maxRows} ${spec.kind === 'archive' ? '个文件' : '行'}`])]
  const files = spec.kind === 'pick' ? { accept: [], maxBytes: 0 } : acceptOf(spec)
  return { ok: true, view: { entity: def.id, id, title: say(spec.title, lang), kind: spec.kind, notes: notes.filter(Boolean), ...files, params: paramsForm(def, id, spec, lang), columns } }
}
