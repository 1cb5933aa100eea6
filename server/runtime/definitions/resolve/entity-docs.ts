import type { Dict, Finding } from '../model.ts'
import { Cursor } from '../load/cursor.ts'
import { emptyDoc, finding } from '../load/doc.ts'
import type { Doc } from '../load/doc.ts'
import type { Layer, RawEntity } from '../load/layers.ts'
import { suggest } from '../load/nearest.ts'
import { mergePatch } from '../overlay/merge-patch.ts'
import type { EntityDocs } from './entity.ts'

/** The documents of every entity a chain of layers knows, patches applied; keyed by full id, with the nearest id per short name. */
export const collectEntityDocs = (chain: Layer[]): { docs: Dict<EntityDocs>; nearest: Dict<string>; findings: Finding[] } => {
  const docs: Dict<EntityDocs> = {}
  const nearest: Dict<string> = {}
  const findings: Finding[] = []
  const patched = (base: Doc, patch: Doc | undefined): Doc => {
    if (!patch) return base
    const merged = mergePatch(base, patch)
    findings.push(...merged.findings)
    return merged.doc
  }
  const define = (layer: Layer, name: string, raw: RawEntity, schema: Doc): void => {
    const before = nearest[name]
    if (before && layer.kind === 'programme') findings.push(finding({ file: schema.file, line: 1 }, 'overlay-whole', `"${name}" is already an entity of the family`, 'write schema.patch.json, or choose another name for a new entity'))
    const id = `${layer.id}/${name}`
    docs[id] = { layer: layer.id, name, schema, form: raw.form ?? emptyDoc(`forms/${id}/form.json`), inputs: raw.inputs }
    nearest[name] = id
  }
  const overlay = (layer: Layer, name: string, raw: RawEntity): void => {
    const base = docs[nearest[name] ?? '']
    const first = raw.schemaPatch ?? raw.formPatch ?? raw.form ?? Object.values(raw.inputs)[0] ?? raw.examples[0]?.doc
    if (!base) {
      if (first) findings.push(finding({ file: first.file, line: 1 }, 'overlay-unknown', `there is no entity "${name}" to change`, `${suggest(name, Object.keys(nearest))} A new entity needs schema.json`))
      return
    }
    const own = base.layer === layer.id
    const home = new Cursor(base.schema).at('x-home').string() ?? 'programme'
    if (raw.schemaPatch && layer.kind === 'programme' && home !== 'programme') findings.push(finding({ file: raw.schemaPatch.file, line: 1 }, 'overlay-home', `"${name}" belongs to the ${home}, its data are shared by all programmes`, 'write a companion: a programme entity with x-ref {entity, companion: true}'))
    docs[`${base.layer}/${name}`] = { ...base, schema: patched(base.schema, raw.schemaPatch), form: patched(own ? base.form : (raw.form ?? base.form), raw.formPatch), inputs: { ...base.inputs, ...raw.inputs } }
    if (raw.form && !own) findings.push(finding({ file: raw.form.file, line: 1 }, 'overlay-whole', `the whole form of "${name}" is replaced: changes of the family no longer arrive`, 'write form.patch.json', 'warning'))
  }
  for (const layer of chain) {
    for (const [name, raw] of Object.entries(layer.entities)) {
      if (raw.schema) define(layer, name, raw, raw.schema)
      if (!raw.schema || raw.schemaPatch || raw.formPatch) overlay(layer, name, raw)
    }
  }
  return { docs, nearest, findings }
}
