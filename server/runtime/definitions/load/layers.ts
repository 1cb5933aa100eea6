import type { Dict, Finding } from '../model.ts'
import { applyPositions } from '../overlay/position.ts'
import { emptyDoc, finding } from './doc.ts'
import type { Doc } from './doc.ts'
import { parseJson } from './parse-json.ts'
import { parseYaml } from './parse-yaml.ts'

export interface RawEntity { schema?: Doc; schemaPatch?: Doc; form?: Doc; formPatch?: Doc; inputs: Dict<Doc>; examples: { valid: boolean; doc: Doc }[] }
export interface RawTemplate { folder: string; json?: Doc; patch?: Doc; sample?: Doc; html?: string; css?: string }
export interface RawSeed { entity: string; doc: Doc }
/** What one family or programme writes itself, before anything is inherited. */
export interface Layer {
  id: string
  kind: 'family' | 'programme'
  manifest: Doc
  roles?: Doc
  texts: Doc[]
  entities: Dict<RawEntity>
  processes: Dict<{ file: string; xml: string }>
  templates: Dict<RawTemplate>
  seeds: RawSeed[]
  scenarios: Doc[]
}
export interface RawTree { layers: Dict<Layer>; reference: RawSeed[]; demos: Dict<{ demo?: Doc; records: RawSeed[] }> }

const layer = (id: string, kind: Layer['kind'], manifest: Doc): Layer =>
  ({ id, kind, manifest, texts: [], entities: {}, processes: {}, templates: {}, seeds: [], scenarios: [] })

const stem = (file: string): string => (file.split('/').at(-1) ?? '').replace(/\.[a-z]+$/, '')

/** Sorts the files of the scanned roots into layers; a file whose place means nothing is a warning. */
export const readLayers = (files: Map<string, string>): { tree: RawTree; findings: Finding[] } => {
  const findings: Finding[] = []
  const tree: RawTree = { layers: {}, reference: [], demos: {} }
  const json = (file: string, text: string, patch = false): Doc => {
    const parsed = parseJson(file, text)
    findings.push(...parsed.findings)
    if (patch) return parsed.doc
    const placed = applyPositions(parsed.doc)
    findings.push(...placed.findings)
    return placed.doc
  }
  const strange = (file: string, fix: string): void => { findings.push(finding({ file, line: 1 }, 'file-place', 'no definition has this place', fix, 'warning')) }

  for (const [file, text] of files) {
    const [, where, id, name] = file.split('/')
    if (!id || name !== (where === 'families' ? 'family.json' : 'program.json')) continue
    if (file.startsWith('seeds/families/') || file.startsWith('seeds/programs/')) tree.layers[id] = layer(id, where === 'families' ? 'family' : 'programme', json(file, text))
  }
  const of = (id: string, file: string): Layer => {
    const known = tree.layers[id]
    if (known) return known
    findings.push(finding({ file, line: 1 }, 'layer-unknown', `"${id}" is neither a family nor a programme`, `write seeds/families/${id}/family.json or seeds/programs/${id}/program.json`, 'warning'))
    return (tree.layers[id] = layer(id, 'family', emptyDoc(`seeds/families/${id}/family.json`)))
  }
  const form = (file: string, text: string, [, owner = '', entity = '', leaf = '', ...rest]: string[]): void => {
    const raw = (of(owner, file).entities[entity] ??= { inputs: {}, examples: [] })
    if (leaf === 'examples') raw.examples.push({ valid: rest[0] !== 'invalid', doc: json(file, text) })
    else if (leaf === 'schema.json') raw.schema = json(file, text)
    else if (leaf === 'form.json') raw.form = json(file, text)
    else if (leaf === 'schema.patch.json') raw.schemaPatch = json(file, text, true)
    else if (leaf === 'form.patch.json') raw.formPatch = json(file, text, true)
    else if (leaf.endsWith('.input.json')) raw.inputs[leaf.slice(0, -'.input.json'.length)] = json(file, text)
    else strange(file, 'write schema.json, form.json, <name>.input.json, schema.patch.json, form.patch.json or examples/')
  }
  const workflow = (file: string, text: string, [, owner = '', ...rest]: string[]): void => {
    if (/\.ya?ml$/.test(file)) {
      const parsed = parseYaml(file, text)
      findings.push(...parsed.findings)
      of(owner, file).scenarios.push(parsed.doc)
    } else if (file.endsWith('.bpmn') && rest.length <= 2) of(owner, file).processes[stem(file)] = { file, xml: text }
    else strange(file, 'write <process>/<process>.bpmn or <process>/scenarios/*.yaml')
  }
  const template = (file: string, text: string, [, owner = '', id = '', leaf = '']: string[]): void => {
    const raw = (of(owner, file).templates[id] ??= { folder: `templates/${owner}/${id}` })
    if (leaf === 'template.json') raw.json = json(file, text)
    else if (leaf === 'template.patch.json') raw.patch = json(file, text, true)
    else if (leaf === 'sample.json') raw.sample = json(file, text)
    else if (leaf === 'template.hbs') raw.html = text
    else if (leaf === 'style.css') raw.css = text
    else strange(file, 'write template.hbs, style.css, template.json, template.patch.json or sample.json')
  }
  const seed = (file: string, text: string, [, kind = '', id = '', ...rest]: string[]): void => {
    // a demo set's season and its files are run by the command line, not loaded
    if (kind === 'demo' && (rest[0] === 'season.yaml' || rest[0] === 'files')) return
    if (!file.endsWith('.json')) return strange(file, 'seeds are JSON')
    if (kind === 'reference') tree.reference.push({ entity: stem(file), doc: json(file, text) })
    else if (kind === 'demo') {
      const demo = (tree.demos[id] ??= { records: [] })
      if (rest[0] === 'demo.json') demo.demo = json(file, text)
      else if (rest[0] === 'records') demo.records.push({ entity: stem(file), doc: json(file, text) })
      else strange(file, 'write demo.json or records/<entity>.json')
    } else if (rest[0] === 'family.json' || rest[0] === 'program.json') return
    else if (rest[0] === 'roles.json') of(id, file).roles = json(file, text)
    else if (rest[0] === 'texts') of(id, file).texts.push(json(file, text))
    else if (rest[0] === 'records') of(id, file).seeds.push({ entity: stem(file), doc: json(file, text) })
    else strange(file, 'write family.json or program.json, roles.json, texts/*.json or records/<entity>.json')
  }
  const readers: Record<string, (file: string, text: string, parts: string[]) => void> = { forms: form, workflows: workflow, templates: template, seeds: seed }
  for (const [file, text] of files) {
    const parts = file.split('/')
    if (parts.length < 3) strange(file, 'put it into a folder of its family')
    else readers[parts[0] ?? '']?.(file, text, parts)
  }
  return { tree, findings }
}
