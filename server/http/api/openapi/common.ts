import type { ApiFilter } from '#server/services.ts'
import type { JsonObject } from '#server/runtime/definitions/model.ts'

export const ref = (kind: 'schemas' | 'responses' | 'parameters' | 'headers', name: string): JsonObject => ({ $ref: `#/components/${kind}/${name}` })
export const json = (schema: JsonObject): JsonObject => ({ 'application/json': { schema } })
export const param = (name: string): JsonObject => ref('parameters', name)

const problem = (description: string): JsonObject => ({ description, content: { 'application/problem+json': { schema: ref('schemas', 'Problem') } } })
const text = (name: string, where: 'query' | 'path' | 'header', description: string, more: JsonObject = {}): JsonObject => ({ name, in: where, description, schema: { type: 'string' }, ...more })

/** Refusals by status, shared by all operations. */
export const RESPONSES: JsonObject = {
  BadRequest: problem('A query parameter or the body cannot be understood.'),
  Unauthenticated: problem('No valid token or session.'),
  Forbidden: problem('Not allowed to this role or token, or the CSRF header is wrong.'),
  NotFound: problem('There is no such record for this caller.'),
  Conflict: problem('The record is in a state that does not allow this.'),
  Stale: problem('If-Match names another revision than the stored one.'),
  TooLarge: problem('The body or file is too large.'),
  UnsupportedType: problem('The body is not of a type that this operation takes.'),
  Invalid: problem('Values break rules; every reason is placed on its path.'),
  RevisionRequired: problem('If-Match is missing.'),
  TooMany: { ...problem('Too many requests.'), headers: { 'Retry-After': { description: 'seconds to wait', schema: { type: 'integer' } } } },
}
const NAMES: Record<string, string> = { 400: 'BadRequest', 401: 'Unauthenticated', 403: 'Forbidden', 404: 'NotFound', 409: 'Conflict', 412: 'Stale', 413: 'TooLarge', 415: 'UnsupportedType', 422: 'Invalid', 428: 'RevisionRequired', 429: 'TooMany' }
export const refusals = (...status: number[]): JsonObject => Object.fromEntries([...new Set([401, 403, 404, ...status, 429])].map((s) => [String(s), ref('responses', NAMES[s]!)]))

export const PARAMETERS: JsonObject = {
  id: { name: 'id', in: 'path', required: true, description: 'of the record', schema: { type: 'string', pattern: '^[1-9][0-9]{0,15}$' } },
  ifMatch: text('If-Match', 'header', 'ETag of the revision that was read', { required: true }),
  ifMatchOptional: text('If-Match', 'header', 'only when the record still has this revision'),
  idempotencyKey: text('Idempotency-Key', 'header', 'of your own for each request, such as a UUID: sent again with the same key within a day, the request is not worked again and has the same answer'),
  then: text('then', 'query', 'a button to be pressed in the same step, such as submit'),
  comment: text('comment', 'query', 'comment of that button'),
  search: text('search', 'query', 'found in names, numbers and short texts'),
  sort: text('sort', 'query', 'property, with - before it descending'),
  after: text('after', 'query', '`next` of the page before, for the same query'),
  page: { name: 'page', in: 'query', description: 'up to 50; further on with `after`', schema: { type: 'integer', minimum: 1, maximum: 50 } },
  size: { name: 'size', in: 'query', description: 'records per page', schema: { type: 'integer', minimum: 1, maximum: 200, default: 20 } },
  fields: text('fields', 'query', 'top-level properties to be answered, comma-separated'),
  count: { name: 'count', in: 'query', description: 'also count, exact to 1000', schema: { type: 'boolean' } },
}
export const HEADERS: JsonObject = {
  ETag: { description: 'revision of the record', schema: { type: 'string' } },
  Location: { description: 'where it is found', schema: { type: 'string' } },
  Link: { description: 'the next page, rel="next"', schema: { type: 'string' } },
}
export const COMMON_SCHEMAS: JsonObject = {
  Problem: {
    type: 'object', title: 'RFC 9457 problem', required: ['type', 'title', 'status', 'code', 'problems'],
    properties: {
      type: { type: 'string' }, title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' }, code: { type: 'string' },
      problems: { type: 'array', items: { type: 'object', required: ['code', 'message'], properties: { code: { type: 'string' }, message: { type: 'string' }, path: { type: 'string', description: 'such as majors.0.applied' }, fix: { type: 'string' } } } },
    },
  },
  Pressed: {
    type: 'object', required: ['done', 'refused'],
    properties: { done: { type: 'integer' }, made: { type: 'integer' }, job: { type: 'string' }, secret: { type: 'string', description: 'shown once' }, refused: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' }, problems: { type: 'array', items: { type: 'object' } } } } } },
  },
  Started: { type: 'object', required: ['job'], properties: { job: { type: 'string' } } },
  StoredFile: { type: 'object', required: ['id', 'name', 'bytes'], properties: { id: { type: 'string' }, name: { type: 'string' }, bytes: { type: 'integer' } } },
  Job: {
    type: 'object', required: ['id', 'type', 'state', 'done', 'total'],
    properties: { id: { type: 'string' }, type: { type: 'string' }, title: { type: 'string' }, state: { type: 'string', enum: ['waiting', 'running', 'done', 'failed', 'cancelled'] }, done: { type: 'integer' }, total: { type: 'integer' }, result: { type: 'object' }, problem: { type: 'object' }, createdAt: { type: 'string' }, finishedAt: { type: 'string' } },
  },
}

const HOW: Record<ApiFilter['kind'], string> = { text: 'contains', number: 'equals', select: 'one or more codes, comma-separated', ref: 'one or more ids, comma-separated', range: 'from~to, either may be empty', blind: 'the whole value', boolean: 'true or false' }
/** A filter as a query parameter. One that only a list asks for is not required here. */
export const filterParam = (f: ApiFilter): JsonObject => ({
  name: `filter.${f.id}`, in: 'query', description: `${f.title} (${HOW[f.kind]}${f.values ? `: ${f.values.map((v) => `${v.value} ${v.label}`).join(', ')}` : ''})`, schema: f.kind === 'boolean' ? { type: 'boolean' } : { type: 'string' },
})
