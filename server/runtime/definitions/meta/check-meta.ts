import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { Finding } from '../model.ts'
import { finding, locate } from '../load/doc.ts'
import type { Doc } from '../load/doc.ts'
import { suggest } from '../load/nearest.ts'
import common from './common.schema.json' with { type: 'json' }
import demo from './demo.schema.json' with { type: 'json' }
import family from './family.schema.json' with { type: 'json' }
import form from './form.schema.json' with { type: 'json' }
import input from './input.schema.json' with { type: 'json' }
import program from './program.schema.json' with { type: 'json' }
import records from './records.schema.json' with { type: 'json' }
import roles from './roles.schema.json' with { type: 'json' }
import scenario from './scenario.schema.json' with { type: 'json' }
import schema from './schema.schema.json' with { type: 'json' }
import template from './template.schema.json' with { type: 'json' }

/** The meta-schemas by kind of file: what editors are offered through `$schema`. */
export const META = { schema, form, input, family, program, roles, template, records, demo, scenario }
export type MetaKind = keyof typeof META

let validators: Map<MetaKind, ValidateFunction> | undefined

/** Compiled on first use: loading a module must stay cheap. */
const validator = (kind: MetaKind): ValidateFunction | undefined => {
  if (!validators) {
    const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: false })
    const addFormats = (formats as unknown as { default?: typeof formats.default }).default ?? formats
    ;(addFormats as unknown as (a: Ajv2020) => void)(ajv)
    ajv.addSchema([common, ...Object.values(META)])
    validators = new Map((Object.keys(META) as MetaKind[]).flatMap((k) => { const v = ajv.getSchema(META[k].$id); return v ? [[k, v as ValidateFunction]] : [] }))
  }
  return validators.get(kind)
}

const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

const explain = (error: ErrorObject): { message: string; fix: string } => {
  const key = error.instancePath.split('/').at(-1)?.replaceAll('~1', '/').replaceAll('~0', '~') ?? ''
  const params = error.params as Record<string, unknown>
  switch (error.keyword) {
    case 'additionalProperties': {
      const unknown = String(params.additionalProperty)
      return { message: `unknown key "${unknown}"`, fix: suggest(unknown, Object.keys((error.parentSchema?.properties as object | undefined) ?? {})) }
    }
    case 'required': return { message: `"${String(params.missingProperty)}" is missing`, fix: `add "${String(params.missingProperty)}"` }
    case 'enum': return { message: `${show(error.data)} is not allowed for "${key}"`, fix: suggest(String(error.data), ((params.allowedValues as unknown[] | undefined) ?? []).map(String)) }
    case 'const': return { message: `${show(error.data)} is not allowed for "${key}"`, fix: `write ${show(params.allowedValue)}` }
    case 'type': if (error.instancePath === '') return { message: `the file holds ${show(error.data)}`, fix: `write one ${[params.type].flat().join(' or ')} with all its members` }
      return { message: `"${key}" is ${show(error.data)}`, fix: `write ${[params.type].flat().join(' or ')}` }
    case 'pattern': return { message: `${show(error.data)} does not fit`, fix: `it must match ${String(params.pattern)}` }
    case 'propertyNames': return { message: `"${String(params.propertyName)}" is no valid name`, fix: 'use letters and digits, the first a small letter' }
    case 'anyOf': return { message: `"${key}" is ${show(error.data)}`, fix: key === '' || /^\d+$/.test(key) ? 'exactly one verb per entry is needed' : 'see the meta-schema for the forms it may have' }
    default: return { message: `"${key}" ${error.message ?? 'is wrong'}`, fix: 'see the meta-schema' }
  }
}

const BRANCHING = new Set(['anyOf', 'oneOf', 'if'])

/** Of an anyOf that failed only the deepest complaints help; "must match a schema" stands alone when nothing is deeper. */
const telling = (errors: ErrorObject[]): ErrorObject[] => {
  const branches = errors.filter((e) => BRANCHING.has(e.keyword))
  const inBranch = (e: ErrorObject): ErrorObject | undefined => branches.find((b) => e !== b && e.schemaPath.startsWith('#') && e.instancePath.startsWith(b.instancePath))
  return errors.filter((e) => {
    if (e.keyword === 'if') return false
    if (e.propertyName !== undefined) return false
    const branch = inBranch(e)
    if (BRANCHING.has(e.keyword)) return !errors.some((o) => !BRANCHING.has(o.keyword) && o.instancePath.startsWith(e.instancePath) && (o.keyword !== 'type' || o.instancePath !== e.instancePath) && o.keyword !== 'required')
    return !(branch && e.instancePath === branch.instancePath && (e.keyword === 'type' || (e.keyword === 'required' && branch.keyword === 'anyOf' && errors.some((o) => o.instancePath === e.instancePath && o.keyword === 'additionalProperties'))))
  })
}

/** Mistakes of one document against its meta-schema, each with its line. */
export const checkMeta = (kind: MetaKind, doc: Doc): Finding[] => {
  const validate = validator(kind)
  if (!validate || validate(doc.value)) return []
  const findings = telling(validate.errors ?? []).map((error) => {
    const inner = error.keyword === 'additionalProperties' ? `/${String((error.params as { additionalProperty?: unknown }).additionalProperty).replaceAll('~', '~0').replaceAll('/', '~1')}` : ''
    const { message, fix } = explain(error)
    // a file that is no object at all cannot be read, like one that is no JSON
    return finding(locate(doc, `${error.instancePath}${inner}`), error.keyword === 'type' && error.instancePath === '' ? 'json' : 'meta', message, fix)
  })
  return [...new Map(findings.map((f) => [`${f.file}:${f.line}:${f.message}`, f])).values()]
}
