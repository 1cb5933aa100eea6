import { Validator, type Schema } from '@cfworker/json-schema'
import type { JsonObject, Problem } from '#app/gateway/contracts.server.ts'
import type { TextKey, Translate } from '#app/text/translate.ts'

// errors that only say "something below is wrong"
const WRAPPERS = new Set(['properties', 'items', 'prefixItems', 'allOf', '$ref', 'additionalProperties', 'if', 'then', 'else', 'dependentSchemas', 'unevaluatedProperties'])
const MESSAGES: Record<string, TextKey> = {
  required: 'form.required', minLength: 'form.minLength', maxLength: 'form.maxLength', minimum: 'form.minimum', exclusiveMinimum: 'form.minimum', maximum: 'form.maximum', exclusiveMaximum: 'form.maximum',
  type: 'form.type', enum: 'form.enum', const: 'form.enum', format: 'form.format', pattern: 'form.format', minItems: 'form.minItems', maxItems: 'form.maxItems', uniqueItems: 'form.uniqueItems', multipleOf: 'form.multipleOf',
}

const decode = (part: string): string => decodeURIComponent(part).replace(/~1/g, '/').replace(/~0/g, '~')
const parts = (pointer: string): string[] => pointer.replace(/^#\/?/, '').split('/').filter(Boolean).map(decode)
const at = (root: unknown, pointer: string): unknown => parts(pointer).reduce<unknown>((node, key) => (node !== null && typeof node === 'object' ? (node as Record<string, unknown>)[key] : undefined), root)

/** Drops what stands for "empty" in a form, so that an untouched optional part is not held against its schema. */
export const withoutEmpty = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined && entry !== null && entry !== '').map(([key, entry]) => [key, withoutEmpty(entry)]))
}

/** Checks data against its schema without generating code, as the page's content policy demands. Paths are dotted; messages are in the reader's language. */
export const validateData = (schema: JsonObject, data: JsonObject, t: Translate): Problem[] => {
  const { errors } = new Validator(schema as Schema, '2020-12', false).validate(withoutEmpty(data))
  const problems = errors.filter((error) => !WRAPPERS.has(error.keyword)).map((error) => {
    const path = parts(error.instanceLocation)
    const missing = error.keyword === 'required' ? /"([^"]+)"/.exec(error.error)?.[1] : undefined
    const key = MESSAGES[error.keyword]
    return { code: error.keyword, path: [...path, ...(missing ? [missing] : [])].join('.'), message: key ? t(key, { n: String(at(schema, error.keywordLocation)) }) : error.error }
  })
  // one message per field: the first says what to do first
  return problems.filter((problem, index) => problems.findIndex((other) => other.path === problem.path) === index)
}
