import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describe, expect, it } from 'vitest'

interface Schema { properties: Record<string, { 'x-required'?: boolean }> }
type Data = Record<string, unknown>

const FORMS = join(import.meta.dirname, '../../forms')
const read = (file: string): unknown => JSON.parse(readFileSync(join(FORMS, file), 'utf8'))
const files = readdirSync(FORMS, { recursive: true, encoding: 'utf8' }).map((f) => f.replaceAll('\\', '/'))
const examples = (kind: 'valid' | 'invalid') => files.filter((f) => f.includes(`/examples/${kind}/`) && f.endsWith('.json')).map((f) => ({ file: f, schema: read(`${f.slice(0, f.indexOf('/examples/'))}/schema.json`) as Schema }))

/** What a record breaks of its schema: property -> keyword, "required" for x-required. */
function broken(schema: Schema, data: Data): Data {
  const ajv = new Ajv2020({ allErrors: true, strict: false })
  formats.default(ajv)
  const check = ajv.compile(schema)
  check(data)
  const missing = Object.entries(schema.properties).filter(([name, p]) => p['x-required'] === true && data[name] === undefined).map(([name]) => [name, 'required'])
  return Object.fromEntries([...missing, ...(check.errors ?? []).map((e) => [e.instancePath.split('/')[1] ?? '', e.keyword])]) as Data
}

describe('examples beside a form', () => {
  it('exist for every entity', () => {
    const entities = files.filter((f) => f.endsWith('/schema.json')).map((f) => f.replace('/schema.json', ''))
    expect(entities.length).toBeGreaterThan(20)
    expect(entities.filter((e) => !files.some((f) => f.startsWith(`${e}/examples/valid/`)))).toEqual([])
  })

  it.each(examples('valid'))('$file satisfies its schema', ({ file, schema }) => {
    expect(broken(schema, read(file) as Data)).toEqual({})
  })

  it.each(examples('invalid'))('$file breaks exactly what it says', ({ file, schema }) => {
    const { record, errors } = read(file) as { record: Data; errors: Data }
    expect(broken(schema, record)).toEqual(errors)
  })
})
