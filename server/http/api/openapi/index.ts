import type { ApiDescription, ApiScope } from '#server/services.ts'
import type { JsonObject } from '#server/runtime/definitions/model.ts'
import { COMMON_SCHEMAS, HEADERS, json, PARAMETERS, ref, refusals, RESPONSES } from './common.ts'
import { entityPaths, entitySchemas } from './entity.ts'

const ABOUT = [
  'Derived from the definitions of the programme, cut to what the caller\'s role may do: values that are hidden are absent, masked ones are masked strings.',
  'With `Authorization: Bearer <token>`, or with the session cookie of a browser and, for every request that writes, the header `X-CSRF`.',
  'Ids are decimal strings. Times are RFC 3339 in UTC. Amounts of money are integer fen. A change names the revision that was read (`If-Match`).',
].join('\n\n')

const fixed = (scope: ApiScope): JsonObject => ({
  '/jobs/{job}': { get: { operationId: 'job_get', tags: ['jobs'], summary: 'Progress and result of a job', parameters: [{ name: 'job', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: { description: 'the job', content: json(ref('schemas', 'Job')) }, ...refusals() } } },
  '/files/{file}': { get: { operationId: 'file_get', tags: ['files'], summary: 'A file of a record or a result', parameters: [{ name: 'file', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: { description: 'the file', content: { 'application/octet-stream': {} } }, ...refusals() } } },
  ...(scope === 'write' ? { '/files': { post: {
    operationId: 'file_put', tags: ['files'], summary: 'A file for a field of a record; its id is the field\'s value',
    parameters: ['entity', 'path'].map((name) => ({ name, in: 'query', required: true, schema: { type: 'string' } })),
    requestBody: { required: true, content: { 'multipart/form-data': { schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' } } } } } },
    responses: { 201: { description: 'stored', headers: { Location: ref('headers', 'Location') }, content: json(ref('schemas', 'StoredFile')) }, ...refusals(400, 413, 415, 422) },
  } } } : {}),
})

/** The OpenAPI 3.1 document of what one caller may do. Pure: the same description gives the same document. */
export const openApi = ({ programme, entities }: ApiDescription, { scope, base }: { scope: ApiScope; base: string }): JsonObject => ({
  openapi: '3.1.0',
  info: { title: programme.title, version: programme.version || '1', description: ABOUT },
  jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
  servers: [{ url: base }],
  tags: [...entities.map((e) => ({ name: e.id, description: e.title })), { name: 'jobs', description: 'work that goes on after the answer' }, { name: 'files', description: 'files of records and results' }],
  security: [{ bearer: [] }, { session: [], csrf: [] }],
  paths: { ...Object.assign({}, ...entities.map((e) => entityPaths(e, scope))), ...fixed(scope) } as JsonObject,
  components: {
    schemas: { ...Object.assign({}, ...entities.map((e) => entitySchemas(e, scope))), ...COMMON_SCHEMAS } as JsonObject,
    responses: RESPONSES, parameters: PARAMETERS, headers: HEADERS,
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer' }, session: { type: 'apiKey', in: 'cookie', name: 'cf_session' }, csrf: { type: 'apiKey', in: 'header', name: 'X-CSRF' } },
  },
})
