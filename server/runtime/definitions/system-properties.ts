import type { Dict, PropertyDef } from './model.ts'

export const ORGANISATION = 'core/organisation'
export const USER = 'core/user'

const reference = (entity: string, label: string): PropertyDef['ref'] => ({ entity, label, owner: false, companion: false })

const make = (name: string, column: string, zh: string, en: string, rest: Partial<PropertyDef> & Pick<PropertyDef, 'kind'>): PropertyDef =>
  ({ name, path: name, title: { zh, en }, required: false, column: { name: column, index: true, sortable: true }, ...rest })

/** Every record has these; FEEL, lists, filters and exports name them like own properties. An entity may declare `status` itself. */
export const SYSTEM_PROPERTIES: Dict<PropertyDef> = {
  id: make('id', 'id', '编号', 'Id', { kind: 'string' }),
  program: make('program', 'program', '项目', 'Programme', { kind: 'string' }),
  org: make('org', 'org', '所属机构', 'Organisation', { kind: 'ref', ref: reference(ORGANISATION, 'name') }),
  status: make('status', 'status', '状态', 'Status', { kind: 'string' }),
  createdBy: make('createdBy', 'created_by', '创建人', 'Created by', { kind: 'ref', ref: reference(USER, 'name') }),
  createdAt: make('createdAt', 'created_at', '创建时间', 'Created at', { kind: 'date-time' }),
  updatedAt: make('updatedAt', 'updated_at', '更新时间', 'Updated at', { kind: 'date-time' }),
  rev: make('rev', 'rev', '版本', 'Revision', { kind: 'integer', scale: 0 }),
}
