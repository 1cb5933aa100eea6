import type { Dict, Finding, JsonObject, ParamDef, PolicyDef, RuleBody, Text } from '../model.ts'
import { compact, Cursor } from '../load/cursor.ts'
import { finding } from '../load/doc.ts'
import type { Layer } from '../load/layers.ts'
import { suggest } from '../load/nearest.ts'

export interface Manifest {
  title: Text; zone: string; params: Dict<ParamDef>; policies: Dict<PolicyDef>; rules: Dict<RuleBody>; hooks: Dict<string>; terms: Dict<Text>
  checklists: JsonObject; parties: JsonObject; references: JsonObject; runSheet: JsonObject; timeline: Dict<string>
}

const readParam = (c: Cursor, inherited: ParamDef | undefined): ParamDef => {
  const wrapped = c.isObject && (c.at('type').exists || c.at('default').exists || c.at('value').exists)
  const value = wrapped ? (c.at('value').value ?? c.at('default').value) : c.value
  return compact<ParamDef>({ ...inherited, type: (wrapped ? c.at('type').string() : undefined) ?? inherited?.type ?? 'any', value: value ?? inherited?.value ?? null, ...(wrapped ? compact({ title: c.at('title').text(), help: c.at('help').text() }) : {}) })
}

const FORCES = ['off', 'warn', 'block'] as const

const readPolicy = (c: Cursor, inherited: PolicyDef | undefined): PolicyDef => {
  const is = FORCES.find((f) => f === (c.string() ?? c.at('is').string())) ?? inherited?.is ?? 'off'
  const day = (k: 'from' | 'to'): string | null | undefined => (c.at(k).value === null ? null : (c.at(k).string() ?? inherited?.[k]))
  return compact<PolicyDef>({ is, from: day('from'), to: day('to'), title: c.at('title').text() ?? inherited?.title })
}

const readArgs = (c: Cursor): Dict<string> | undefined =>
  c.isObject ? c.map((t) => t.string() ?? 'any') : c.names() && Object.fromEntries((c.names() ?? []).map((n) => [n, 'any']))

/** A table row is {if, then}; a row without `if` always applies. Rows of a patch change or add single rows; null removes. */
const readRows = (c: Cursor, inherited: RuleBody['rows']): RuleBody['rows'] => {
  if (!c.isObject) return inherited
  const rows = { ...inherited }
  for (const [id, r] of c.entries()) {
    if (r.value === null) { delete rows[id]; continue }
    const before = rows[id]
    rows[id] = { if: r.at('if').feel() ?? before?.if ?? 'true', then: r.feel() ?? r.at('then').feel() ?? before?.then ?? 'null' }
    const after = r.at('after').string()
    if (after === undefined || !(after in rows)) continue
    const moved = rows[id]
    delete rows[id]
    const order = Object.entries(rows)
    for (const key of Object.keys(rows)) delete rows[key]
    for (const [k, v] of order) { rows[k] = v; if (k === after) rows[id] = moved }
  }
  return rows
}

const readBody = (c: Cursor, inherited: RuleBody | undefined): RuleBody => {
  const expr = c.feel() ?? c.at('expr').feel()
  const signature = compact({ args: readArgs(c.at('args')) ?? inherited?.args ?? {}, returns: c.at('returns').string() ?? inherited?.returns })
  if (expr !== undefined) return { ...signature, expr }
  const hit = c.at('hit').string() === 'collect' ? 'collect' : c.at('hit').exists ? 'first' : (inherited?.hit ?? 'first')
  const rows = readRows(c.at('rows'), c.at('hit').exists && inherited?.rows === undefined ? undefined : inherited?.rows)
  if (rows) return { ...signature, hit, rows }
  return compact<RuleBody>({ ...signature, expr: inherited?.expr })
}

/** Family interface plus what the programme sets; setting what no family declares is reported. */
export const resolveManifest = (chain: Layer[]): { manifest: Manifest; findings: Finding[] } => {
  const findings: Finding[] = []
  const manifest: Manifest = { title: { zh: chain.at(-1)?.id ?? '' }, zone: 'Asia/Shanghai', params: {}, policies: {}, rules: {}, hooks: {}, terms: {}, checklists: {}, parties: {}, references: {}, runSheet: {}, timeline: {} }
  for (const layer of chain) {
    const c = new Cursor(layer.manifest)
    const declared = (kind: 'param' | 'policy' | 'rule' | 'hook' | 'term', id: string, known: Dict<unknown>, member: Cursor): boolean => {
      if (layer.kind === 'family' || id in known) return true
      findings.push(finding(member.ref, `${kind}-undeclared`, `the family declares no ${kind} "${id}"`, suggest(id, Object.keys(known))))
      return false
    }
    manifest.title = c.at('title').text() ?? (layer === chain.at(-1) ? { zh: layer.id } : manifest.title)
    manifest.zone = c.at('zone').string() ?? manifest.zone
    for (const [id, m] of c.at('params').entries()) if (declared('param', id, manifest.params, m)) manifest.params[id] = readParam(m, manifest.params[id])
    for (const [id, m] of c.at('policies').entries()) if (declared('policy', id, manifest.policies, m)) manifest.policies[id] = readPolicy(m, manifest.policies[id])
    for (const [id, m] of c.at('rules').entries()) {
      if (!declared('rule', id, manifest.rules, m)) continue
      if (layer.kind === 'programme' && (m.at('args').exists || m.at('returns').exists)) findings.push(finding(m.ref, 'rule-signature', `the signature of rule "${id}" belongs to the family`, 'replace "expr" or "rows" only'))
      const before = manifest.rules[id]
      manifest.rules[id] = layer.kind === 'programme' && before ? { ...readBody(m, before), ...compact({ args: before.args, returns: before.returns }) } : readBody(m, before)
    }
    for (const [id, m] of c.at('hooks').entries()) if (declared('hook', id, manifest.hooks, m)) manifest.hooks[id] = m.string() ?? m.at('process').string() ?? manifest.hooks[id] ?? ''
    for (const [id, m] of c.at('terms').entries()) if (declared('term', id, manifest.terms, m)) manifest.terms[id] = m.text() ?? { zh: id }
    for (const key of ['checklists', 'parties', 'references', 'runSheet'] as const) manifest[key] = mergeObjects(manifest[key], c.at(key).object() ?? {})
    manifest.timeline = { ...manifest.timeline, ...c.at('timeline').feels() }
  }
  return { manifest, findings }
}

const mergeObjects = (base: JsonObject, change: JsonObject): JsonObject => {
  const result = { ...base }
  for (const [k, v] of Object.entries(change)) {
    const before = result[k]
    if (v === null) delete result[k]
    else result[k] = isPlain(v) && isPlain(before) ? mergeObjects(before, v) : v
  }
  return result
}
const isPlain = (v: unknown): v is JsonObject => typeof v === 'object' && v !== null && !Array.isArray(v)
