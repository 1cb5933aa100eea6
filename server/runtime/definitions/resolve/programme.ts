import { createHash } from 'node:crypto'
import type { Dict, EntityDef, Finding, ProcessSource, ProgrammeDef, TemplateDef } from '../model.ts'
import { emptyDoc } from '../load/doc.ts'
import type { Doc } from '../load/doc.ts'
import { Cursor } from '../load/cursor.ts'
import { layerChain } from '../load/layer-chain.ts'
import type { Layer, RawTemplate, RawTree } from '../load/layers.ts'
import { mergePatch } from '../overlay/merge-patch.ts'
import { checkMeta } from '../meta/check-meta.ts'
import { calledTexts } from './called-processes.ts'
import { collectEntityDocs } from './entity-docs.ts'
import { resolveEntity } from './entity.ts'
import { linkEntities } from './link.ts'
import { resolveManifest } from './manifest.ts'
import { resolveRoles } from './roles.ts'
import { joinDocs } from './sources.ts'
import type { Artefact, Sources } from './sources.ts'
import { resolveTemplate } from './template.ts'
import { applyTerms, applyTermsToXml } from './terms.ts'
import { fillEnglish, readWords } from './words.ts'
import { readTexts } from './texts.ts'

export const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)

/** Everything one programme (or a family by itself) sees, resolved into plain data. */
export const resolveProgramme = (tree: RawTree, id: string, sources: Sources): { programme: ProgrammeDef; findings: Finding[] } => {
  const { chain, findings } = layerChain(tree, id)
  const manifestResult = resolveManifest(chain)
  const { manifest } = manifestResult
  findings.push(...manifestResult.findings)
  const family = chain.filter((l) => l.kind === 'family').at(-1)?.id ?? id
  sources.add(id, 'manifest', joinDocs(chain.map((l) => l.manifest)))

  const prepare = (doc: Doc, artefact: Artefact, meta: Parameters<typeof checkMeta>[0] | null): Doc => {
    const named = applyTerms(doc, manifest.terms)
    findings.push(...named.findings)
    if (meta && named.doc.at.size > 0) findings.push(...checkMeta(meta, named.doc))
    sources.add(id, artefact, named.doc)
    return named.doc
  }

  const collected = collectEntityDocs(chain)
  findings.push(...collected.findings)
  const entities: Dict<EntityDef> = {}
  for (const [full, docs] of Object.entries(collected.docs)) {
    entities[full] = resolveEntity({
      ...docs, schema: prepare(docs.schema, `schema:${full}`, 'schema'), form: prepare(docs.form, `form:${full}`, 'form'),
      inputs: Object.fromEntries(Object.entries(docs.inputs).map(([k, d]) => [k, prepare(d, `input:${full}/${k}`, 'input')])),
    })
  }
  for (const [short, full] of Object.entries(collected.nearest)) {
    const entity = entities[full]
    if (entity) entities[short] = entity
  }

  const roleDocs = chain.flatMap((l) => l.roles ?? [])
  const roleDoc = prepare(roleDocs.slice(1).reduce((base, patch) => mergePatch(base, patch).doc, roleDocs[0] ?? emptyDoc(`seeds/families/${family}/roles.json`)), 'roles', 'roles')
  const roles = resolveRoles(new Cursor(roleDoc))
  findings.push(...roles.findings)

  const textDocs = chain.flatMap((l) => l.texts).map((d) => applyTerms(d, manifest.terms).doc)
  sources.add(id, 'texts', joinDocs(textDocs))

  const words = readWords(textDocs)
  const programme: ProgrammeDef = {
    id, family, ...manifest, version: '', roles: roles.roles, texts: readTexts(textDocs), words, entities,
    processes: resolveProcesses(chain, manifest.terms, manifest.hooks), templates: resolveTemplates(chain, prepare, findings),
  }
  linkEntities(programme)
  fillEnglish(programme, words)
  programme.version = hashOf({ ...programme, entities: Object.keys(collected.docs).map((k) => entities[k]) })
  return { programme, findings }
}

const resolveProcesses = (chain: Layer[], terms: ProgrammeDef['terms'], hooks: ProgrammeDef['hooks']): Dict<ProcessSource> => {
  const processes: Dict<ProcessSource> = {}
  for (const layer of chain) {
    for (const [name, p] of Object.entries(layer.processes)) {
      const xml = applyTermsToXml(p.xml, terms)
      processes[name] = { id: name, family: layer.id, file: p.file, xml, hash: hashOf(xml) }
    }
  }
  return Object.fromEntries(Object.entries(processes).map(([name, source]) => {
    const called = calledTexts(processes, hooks, source)
    return [name, Object.keys(called).length === 0 ? source : { ...source, hash: hashOf([source.xml, called]), called }]
  }))
}

const resolveTemplates = (chain: Layer[], prepare: (doc: Doc, artefact: Artefact, meta: 'template') => Doc, findings: Finding[]): Dict<TemplateDef> => {
  const merged: Dict<RawTemplate & { layer: string }> = {}
  for (const layer of chain) {
    for (const [name, raw] of Object.entries(layer.templates)) {
      const before = merged[name]
      const base = raw.json ?? before?.json
      const change = raw.patch && base ? mergePatch(base, raw.patch) : undefined
      findings.push(...(change?.findings ?? []))
      merged[name] = { ...before, ...raw, ...(change?.doc ?? base ? { json: change?.doc ?? base } : {}), layer: layer.id, folder: raw.html !== undefined || !before ? raw.folder : before.folder }
    }
  }
  return Object.fromEntries(Object.entries(merged).map(([name, t]) => [name, resolveTemplate({
    layer: t.layer, name, folder: t.folder, json: prepare(t.json ?? emptyDoc(`${t.folder}/template.json`), `template:${name}`, 'template'),
    html: t.html ?? '', css: t.css ?? '', sample: t.sample ?? emptyDoc(`${t.folder}/sample.json`),
  })]))
}
