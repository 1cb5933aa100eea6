import type { Finding, Json, JsonObject } from '../model.ts'
import { Cursor } from '../load/cursor.ts'
import { finding } from '../load/doc.ts'
import { parseYaml } from '../load/parse-yaml.ts'
import { checkMeta } from '../meta/check-meta.ts'

export const VERBS = ['create', 'edit', 'do', 'open', 'import', 'export', 'render', 'query', 'lookup', 'job', 'api', 'advance', 'kill', 'eval', 'menu', 'page', 'view', 'form', 'choose', 'report', 'template', 'upload', 'records', 'signIn', 'pick'] as const
export type Verb = (typeof VERBS)[number]

/** One step: who (`as`), what in order of VERBS (some steps do two: create and then do), with what, and what is expected. */
export interface ScenarioStep {
  line: number
  verbs: Verb[]
  as?: string
  ref?: string
  /** what the first verb names: an entity, an outcome, `entity.import`, `$ref`, a duration … */
  target: Partial<Record<Verb, Json>>
  on?: Json
  data?: JsonObject
  input?: JsonObject
  params?: JsonObject
  where?: Json
  rows?: JsonObject[]
  file?: string
  keys?: JsonObject
  expect?: JsonObject
  /** the step as written, for members that only one verb reads */
  raw: JsonObject
}
export interface Scenario { file: string; title: string; covers: string[]; program: string; clock: string; given: string[]; adapters?: JsonObject; steps: ScenarioStep[] }

const readStep = (c: Cursor): ScenarioStep => {
  const raw = c.object() ?? {}
  const verbs = VERBS.filter((v) => Object.hasOwn(raw, v))
  const step: ScenarioStep = { line: c.ref.line, verbs, target: Object.fromEntries(verbs.map((v) => [v, raw[v] as Json])), raw }
  for (const key of ['as', 'ref', 'file'] as const) { const v = c.at(key).string(); if (v !== undefined) step[key] = v }
  for (const key of ['data', 'input', 'params', 'keys', 'expect'] as const) { const v = c.at(key).object(); if (v) step[key] = v }
  for (const key of ['on', 'where'] as const) { const v = c.at(key).value; if (v !== undefined) step[key] = v }
  if (Array.isArray(raw.rows)) step.rows = c.at('rows').items().flatMap((r): JsonObject[] => { const row = r.object(); return row ? [row] : [] })
  return step
}

/** A scenario file: typed steps with their lines. Mistakes are findings; the scenario is null when it cannot be run. */
export const loadScenario = (file: string, text: string): { scenario: Scenario | null; findings: Finding[] } => {
  const { doc, findings } = parseYaml(file, text)
  if (findings.length > 0) return { scenario: null, findings }
  const wrong = checkMeta('scenario', doc)
  if (wrong.some((f) => f.level === 'error')) return { scenario: null, findings: wrong }
  const c = new Cursor(doc)
  const steps = c.at('steps').items().map(readStep)
  const twice = steps.flatMap((s, i) => (s.ref !== undefined && steps.findIndex((o) => o.ref === s.ref) !== i ? [finding({ file, line: s.line }, 'scenario-ref', `"${s.ref}" names an earlier step's record too`, 'choose another ref', 'warning')] : []))
  const scenario: Scenario = {
    file, title: c.at('title').string() ?? file, covers: c.at('covers').names() ?? [], program: c.at('program').string() ?? '', clock: c.at('clock').string() ?? '', given: c.at('given').names() ?? [], steps,
  }
  const adapters = c.at('adapters').object()
  if (adapters) scenario.adapters = adapters
  return { scenario, findings: [...wrong, ...twice] }
}
