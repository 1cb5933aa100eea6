import { describe, expect, it } from 'vitest'
import type { ApiDescription, ApiEntity } from '#server/services.ts'
import type { JsonObject } from '#server/runtime/definitions/model.ts'
import { openApiProblems, validatorFor } from '#tests/support/api/check-open-api.ts'
import { openApi } from './index.ts'

const loan: ApiEntity = {
  id: 'library/loan', family: 'library', name: 'loan', title: '借阅',
  record: { type: 'object', required: ['id', 'rev'], properties: { id: { type: 'string' }, rev: { type: 'integer' }, reader: { type: 'string', description: 'masked 3:*:4' }, dueAt: { type: 'string', format: 'date-time' } } },
  create: { type: 'object', properties: { book: { type: 'string' } }, required: ['book'], additionalProperties: false },
  patch: { type: 'object', properties: { book: { anyOf: [{ type: 'string' }, { type: 'null' }] } }, additionalProperties: false },
  delete: true,
  filters: [{ id: 'status', title: '状态', kind: 'select', values: [{ value: 'OUT', label: '借出' }] }],
  lists: [{ id: 'loans', title: '借阅', filters: [{ id: 'status', title: '状态', kind: 'select' }, { id: 'book', title: '图书', kind: 'ref', required: true }], tabs: ['OUT', 'BACK'] }],
  buttons: [
    { id: 'approve', title: '通过', kind: 'outcome', on: 'record', comment: 'required', signature: true, input: { type: 'object', properties: { days: { type: 'integer' } }, required: ['days'] } },
    { id: 'renew', title: '续借', kind: 'action', on: 'record', comment: 'none', signature: false, input: null },
    { id: 'close', title: '结束本季', kind: 'action', on: 'none', comment: 'none', signature: false, input: null },
  ],
  imports: [{ id: 'sheet', title: '导入', kind: 'sheet', accept: ['.xlsx'], maxBytes: 1000, params: { type: 'object', properties: { book: { type: 'string' } } } }],
}
const readOnly: ApiEntity = { ...loan, id: 'library/book', name: 'book', title: '图书', create: null, patch: null, delete: false, lists: [], filters: [], buttons: [], imports: [] }
const described: ApiDescription = { programme: { id: 'city', title: '市图书馆', version: '2' }, role: '馆员', entities: [loan, readOnly] }
const document = openApi(described, { scope: 'write', base: '/api/v1' })
const paths = document['paths'] as Record<string, JsonObject>
const methods = (path: string): string[] => Object.keys(paths[path] ?? {}).filter((m) => m !== 'parameters').sort()

describe('the OpenAPI document', () => {
  it('keeps the rules of OpenAPI 3.1', () => {
    expect(openApiProblems(document)).toEqual([])
    expect(openApiProblems(openApi({ ...described, entities: [] }, { scope: 'read', base: '/api/v1' }))).toEqual([])
  })
  it('is checked by rules that find what is planted', () => {
    const broken = structuredClone(document)
    const get = (broken['paths'] as Record<string, Record<string, JsonObject>>)['/library/loan/{id}']!['get']!
    get['operationId'] = 'library_loan_list'
    get['responses'] = {};
    (broken['components'] as Record<string, JsonObject>)['schemas']!['library.loan'] = { type: 'text' }
    expect(openApiProblems(broken)).toEqual([expect.stringContaining('operationId'), expect.stringContaining('no responses'), expect.stringContaining('schema library.loan')])
  })
  it('offers only what the role may do', () => {
    expect([methods('/library/loan'), methods('/library/loan/{id}')]).toEqual([['get', 'post'], ['delete', 'get', 'patch']])
    expect([methods('/library/book'), methods('/library/book/{id}')]).toEqual([['get'], ['get']])
    expect(Object.keys(paths)).toEqual([
      '/library/loan', '/library/loan/{id}', '/library/loan/{id}/approve', '/library/loan/{id}/renew', '/library/loan/actions/close', '/library/loan/imports/sheet', '/library/book', '/library/book/{id}', '/jobs/{job}', '/files/{file}', '/files',
    ])
  })
  it('shows a token that may only read nothing that writes', () => {
    const read = openApi(described, { scope: 'read', base: '/api/v1' })['paths'] as Record<string, JsonObject>
    expect(Object.values(read).flatMap((p) => Object.keys(p)).filter((m) => m !== 'parameters').every((m) => m === 'get')).toBe(true)
    expect(Object.keys(read)).toContain('/library/loan/{id}')
  })
  it('asks for the revision where a record is changed', () => {
    expect((paths['/library/loan/{id}']!['patch'] as JsonObject)['parameters']).toContainEqual({ $ref: '#/components/parameters/ifMatch' })
    expect(((document['components'] as JsonObject)['parameters'] as Record<string, JsonObject>)['ifMatch']).toMatchObject({ in: 'header', name: 'If-Match', required: true })
  })
  it('names each filter once, as a query parameter', () => {
    const names = ((paths['/library/loan']!['get'] as JsonObject)['parameters'] as JsonObject[]).flatMap((p) => p['name'] ?? [])
    expect(names).toEqual(['list', 'tab', 'filter.status', 'filter.book'])
  })
  it('describes what a button takes', () => {
    const body = (((paths['/library/loan/{id}/approve']!['post'] as JsonObject)['requestBody'] as JsonObject)['content'] as Record<string, JsonObject>)['application/json']!
    expect(body['schema']).toMatchObject({ required: ['input', 'comment', 'signature'], additionalProperties: false })
    expect((paths['/library/loan/{id}/renew']!['post'] as JsonObject)['requestBody']).toBeUndefined()
  })
  it('carries schemas that tell good records from bad ones', () => {
    expect(validatorFor(document, 'library.loan')({ id: '1', rev: 1, dueAt: '2026-03-01T00:00:00.000Z' })).toEqual([])
    expect(validatorFor(document, 'library.loan')({ id: 1 })).toHaveLength(2)
    expect(validatorFor(document, 'library.loan.create')({ title: 'x' })).toHaveLength(2)
  })
})
