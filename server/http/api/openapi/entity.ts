import type { ApiButton, ApiEntity, ApiImport, ApiScope } from '#server/services.ts'
import type { JsonObject } from '#server/runtime/definitions/model.ts'
import { filterParam, json, param, ref, refusals } from './common.ts'

const safe = (text: string): string => text.replaceAll(/[^A-Za-z0-9._-]/g, '_')
export const schemaName = (e: ApiEntity, kind = ''): string => safe(`${e.family}.${e.name}${kind && `.${kind}`}`)
const operation = (e: ApiEntity, what: string, summary: string, rest: JsonObject): JsonObject => ({ operationId: safe(`${e.family}_${e.name}_${what}`), tags: [e.id], summary, ...rest })
const recordAnswer = (e: ApiEntity, description: string, headers: string[] = ['ETag']): JsonObject => ({ description, headers: Object.fromEntries(headers.map((h) => [h, ref('headers', h)])), content: json(ref('schemas', schemaName(e))) })
const body = (schema: JsonObject, required = true): JsonObject => ({ required, content: json(schema) })

/** The component schemas of one entity. */
export const entitySchemas = (e: ApiEntity, scope: ApiScope): JsonObject => ({
  [schemaName(e)]: e.record,
  ...(scope === 'write' && e.create ? { [schemaName(e, 'create')]: e.create } : {}),
  ...(scope === 'write' && e.patch ? { [schemaName(e, 'patch')]: e.patch } : {}),
})

function collection(e: ApiEntity, scope: ApiScope): JsonObject {
  const lists = e.lists.length ? [{ name: 'list', in: 'query', description: `a list with its own condition, filters and order: ${e.lists.map((l) => `${l.id} ${l.title}`).join(', ')}`, schema: { type: 'string', enum: e.lists.map((l) => l.id) } }] : []
  const tabs = [...new Set(e.lists.flatMap((l) => l.tabs))]
  const tab = tabs.length ? [{ name: 'tab', in: 'query', description: 'a tab of the list', schema: { type: 'string', enum: tabs } }] : []
  const filters = new Map([...e.filters, ...e.lists.flatMap((l) => l.filters)].map((f) => [f.id, f]))
  const page = { type: 'object', required: ['items', 'sort'], properties: { items: { type: 'array', items: ref('schemas', schemaName(e)) }, next: { type: 'string', description: 'for `after`; absent = this is the last page' }, sort: { type: 'string' }, total: { type: 'integer' }, totalCapped: { type: 'boolean' } } }
  return {
    get: operation(e, 'list', e.title, {
      parameters: [...lists, ...tab, ...[...filters.values()].map(filterParam), ...['search', 'sort', 'page', 'size', 'after', 'fields', 'count'].map(param)],
      responses: { 200: { description: 'a page of records', headers: { Link: ref('headers', 'Link') }, content: json(page) }, ...refusals(400) },
    }),
    ...(scope === 'write' && e.create ? { post: operation(e, 'create', `${e.title}: create`, { parameters: [param('then'), param('comment'), param('idempotencyKey')], requestBody: body(ref('schemas', schemaName(e, 'create'))), responses: { 201: recordAnswer(e, 'created', ['ETag', 'Location']), ...refusals(400, 409, 413, 415, 422) } }) } : {}),
  }
}

function item(e: ApiEntity, scope: ApiScope): JsonObject {
  const patch: JsonObject = e.patch ? { patch: operation(e, 'update', `${e.title}: change`, {
    parameters: [param('ifMatch'), param('then'), param('comment')],
    requestBody: { required: true, content: { ...json(ref('schemas', schemaName(e, 'patch'))), 'application/merge-patch+json': { schema: ref('schemas', schemaName(e, 'patch')) } } },
    responses: { 200: recordAnswer(e, 'changed'), ...refusals(400, 409, 412, 413, 415, 422, 428) },
  }) } : {}
  const remove: JsonObject = e.delete ? { delete: operation(e, 'delete', `${e.title}: delete`, { parameters: [param('ifMatchOptional')], responses: { 204: { description: 'deleted' }, ...refusals(409, 412, 422) } }) } : {}
  return { parameters: [param('id')], get: operation(e, 'get', `${e.title}: read`, { responses: { 200: recordAnswer(e, 'the record'), ...refusals() } }), ...(scope === 'write' ? patch : {}), ...(scope === 'write' ? remove : {}) }
}

function pressBody(b: ApiButton): JsonObject {
  const properties: JsonObject = {
    ...(b.input ? { input: b.input } : {}), ...(b.comment === 'none' ? {} : { comment: { type: 'string' } }), ...(b.signature ? { signature: { type: 'string', description: 'code of a drawn signature' } } : {}),
    ...(b.on === 'none' ? { ids: { type: 'array', maxItems: 5000, items: { type: 'string' } } } : {}),
  }
  const required = [...(b.input?.['required'] !== undefined ? ['input'] : []), ...(b.comment === 'required' ? ['comment'] : []), ...(b.signature ? ['signature'] : [])]
  return { type: 'object', properties, additionalProperties: false, ...(required.length ? { required } : {}) }
}
const button = (e: ApiEntity, b: ApiButton): JsonObject => {
  const schema = pressBody(b)
  const known = schema['properties'] as JsonObject
  return {
    ...(b.on === 'record' ? { parameters: [param('id')] } : {}),
    post: operation(e, b.on === 'record' ? `press_${b.id}` : `action_${b.id}`, `${e.title}: ${b.title}`, {
      description: `${b.kind}; refused with the reasons where the record's process or rules do not allow it now`,
      parameters: [...(b.on === 'record' ? [param('ifMatchOptional')] : []), param('idempotencyKey')],
      ...(Object.keys(known).length ? { requestBody: body(schema, schema['required'] !== undefined) } : {}),
      responses: { 200: { description: 'done', content: json(ref('schemas', 'Pressed')) }, 202: { description: 'goes on as a job', headers: { Location: ref('headers', 'Location') }, content: json(ref('schemas', 'Pressed')) }, ...refusals(400, 409, 412, 415, 422) },
    }),
  }
}
const importOf = (e: ApiEntity, i: ApiImport): JsonObject => ({
  post: operation(e, `import_${i.id}`, `${e.title}: ${i.title}`, {
    requestBody: { required: true, content: { 'multipart/form-data': { schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', contentMediaType: 'application/octet-stream', description: `${i.accept.join(' ')}, at most ${i.maxBytes} bytes` }, ...(i.params ? { params: i.params } : {}) } }, ...(i.params ? { encoding: { params: { contentType: 'application/json' } } } : {}) } } },
    responses: { 202: { description: 'goes on as a job', headers: { Location: ref('headers', 'Location') }, content: json(ref('schemas', 'Started')) }, ...refusals(400, 413, 415, 422) },
  }),
})

/** The paths of one entity, below the base. */
export function entityPaths(e: ApiEntity, scope: ApiScope): JsonObject {
  const at = `/${e.family}/${e.name}`
  const writes = scope === 'write'
  return {
    [at]: collection(e, scope),
    [`${at}/{id}`]: item(e, scope),
    ...(writes ? Object.fromEntries(e.buttons.map((b) => [b.on === 'record' ? `${at}/{id}/${b.id}` : `${at}/actions/${b.id}`, button(e, b)])) : {}),
    ...(writes ? Object.fromEntries(e.imports.map((i) => [`${at}/imports/${i.id}`, importOf(e, i)])) : {}),
  }
}
