import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

type Node = Record<string, unknown>
const isNode = (v: unknown): v is Node => v !== null && typeof v === 'object' && !Array.isArray(v)
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']
const formats = addFormats as unknown as (ajv: Ajv2020) => void

const refsIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(refsIn)
  if (!isNode(value)) return []
  return Object.entries(value).flatMap(([k, v]) => (k === '$ref' && typeof v === 'string' ? [v] : refsIn(v)))
}
const resolve = (document: Node, ref: string): unknown => ref.slice(2).split('/').reduce<unknown>((at, key) => (isNode(at) ? at[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined), document)

/** Schemas wherever they stand: components, parameters, bodies, answers. */
const schemasIn = (value: unknown): Node[] => {
  if (Array.isArray(value)) return value.flatMap(schemasIn)
  if (!isNode(value)) return []
  return Object.entries(value).flatMap(([k, v]) => (k === 'schema' && isNode(v) ? [v] : schemasIn(v)))
}

/** What breaks OpenAPI 3.1: its rules on names, parameters, responses, references and security, and each schema against the 2020-12 meta-schema. */
export function openApiProblems(document: Node): string[] {
  const out: string[] = []
  const say = (ok: unknown, text: string): void => { if (!ok) out.push(text) }
  const info = document['info'] as Node
  say(/^3\.1\.\d+$/.test(String(document['openapi'])), 'openapi is not 3.1.x')
  say(typeof info['title'] === 'string' && info['title'] !== '' && typeof info['version'] === 'string' && info['version'] !== '', 'info needs title and version')
  for (const ref of refsIn(document)) say(ref.startsWith('#/') && resolve(document, ref) !== undefined, `${ref} points to nothing`)
  const components = document['components'] as Record<string, Node>
  for (const [kind, members] of Object.entries(components)) for (const name of Object.keys(members)) say(/^[a-zA-Z0-9._-]+$/.test(name), `components/${kind}/${name} is no component name`)
  const schemes = Object.keys(components['securitySchemes'] ?? {})
  for (const need of (document['security'] ?? []) as Node[]) for (const name of Object.keys(need)) say(schemes.includes(name), `security scheme ${name} is not declared`)
  const tags = new Set(((document['tags'] ?? []) as Node[]).map((t) => t['name']))
  const operations = new Set<unknown>()
  const templates = new Set<string>()
  for (const [path, value] of Object.entries(document['paths'] as Record<string, Node>)) {
    say(path.startsWith('/'), `${path} does not begin with /`)
    const template = path.replaceAll(/\{[^}]+\}/g, '{}')
    say(!templates.has(template), `${path} is there twice`)
    templates.add(template)
    const shared = ((value['parameters'] ?? []) as Node[]).map((p) => (typeof p['$ref'] === 'string' ? (resolve(document, p['$ref']) as Node) : p))
    for (const [method, operation] of Object.entries(value)) {
      if (method === 'parameters') continue
      const at = `${method} ${path}`
      const op = operation as Node
      say(METHODS.includes(method), `${at}: no such method`)
      say(typeof op['operationId'] === 'string' && !operations.has(op['operationId']), `${at}: operationId is missing or used twice`)
      operations.add(op['operationId'])
      for (const tag of (op['tags'] ?? []) as unknown[]) say(tags.has(tag), `${at}: tag ${String(tag)} is not declared`)
      const parameters = [...shared, ...((op['parameters'] ?? []) as Node[]).map((p) => (typeof p['$ref'] === 'string' ? (resolve(document, p['$ref']) as Node) : p))]
      const keys = parameters.map((p) => `${String(p['in'])}:${String(p['name'])}`)
      say(new Set(keys).size === keys.length, `${at}: a parameter is given twice: ${keys.join(' ')}`)
      for (const p of parameters) {
        say(['query', 'header', 'path', 'cookie'].includes(String(p['in'])) && ('schema' in p) !== ('content' in p), `${at}: parameter ${String(p['name'])} is malformed`)
        if (p['in'] === 'path') say(p['required'] === true && path.includes(`{${String(p['name'])}}`), `${at}: path parameter ${String(p['name'])} does not fit`)
      }
      for (const [, name] of path.matchAll(/\{([^}]+)\}/g)) say(keys.includes(`path:${name}`), `${at}: {${name}} is not declared`)
      const responses = Object.entries((op['responses'] ?? {}) as Record<string, Node>)
      say(responses.length > 0, `${at}: no responses`)
      for (const [status, r] of responses) say(/^[1-5](\d\d|XX)$|^default$/.test(status) && ('$ref' in r || typeof r['description'] === 'string'), `${at}: response ${status} is malformed`)
      if ('requestBody' in op) say(isNode((op['requestBody'] as Node)['content']) && Object.keys((op['requestBody'] as Node)['content'] as Node).length > 0, `${at}: the body has no content`)
    }
  }
  return [...out, ...schemaProblems(document, components['schemas'] as Record<string, Node>)]
}

function schemaProblems(document: Node, named: Record<string, Node>): string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
  formats(ajv)
  const out: string[] = []
  for (const [name, schema] of [...Object.entries(named), ...schemasIn(document).map((s, i) => [`#${i}`, s] as [string, Node])]) {
    if (!ajv.validateSchema(schema)) out.push(`schema ${name}: ${ajv.errorsText()}`)
    if (JSON.stringify(schema).includes('"x-')) out.push(`schema ${name} keeps an x- keyword`)
  }
  return out
}

/** Validates values against a component schema of the document. */
export function validatorFor(document: Node, name: string): (value: unknown) => string[] {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true })
  formats(ajv)
  const schema = ((document['components'] as Record<string, Record<string, Node>>)['schemas'] ?? {})[name]
  if (!schema) throw new Error(`there is no schema ${name}`)
  const validate = ajv.compile(schema)
  return (value) => (validate(value) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`))
}
