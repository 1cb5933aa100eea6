import type { FeelType } from '#server/runtime/expressions/types.ts'

/** Columns every entity table has. `programme` rows belong to one programme; `org` is the organisation that owns the row. */
export interface SystemProperty { name: string; column: string; type: FeelType; title: { zh: string; en: string } }

export const SYSTEM_PROPERTIES: SystemProperty[] = [
  { name: 'id', column: 'id', type: { kind: 'string' }, title: { zh: '编号', en: 'Id' } },
  { name: 'program', column: 'program', type: { kind: 'string' }, title: { zh: '项目', en: 'Programme' } },
  { name: 'org', column: 'org', type: { kind: 'entity', entity: 'core/organisation' }, title: { zh: '所属机构', en: 'Organisation' } },
  { name: 'status', column: 'status', type: { kind: 'string' }, title: { zh: '状态', en: 'Status' } },
  { name: 'rev', column: 'rev', type: { kind: 'number' }, title: { zh: '版本', en: 'Revision' } },
  { name: 'createdBy', column: 'created_by', type: { kind: 'entity', entity: 'core/user' }, title: { zh: '创建人', en: 'Created by' } },
  { name: 'createdAt', column: 'created_at', type: { kind: 'date-time' }, title: { zh: '创建时间', en: 'Created' } },
  { name: 'updatedAt', column: 'updated_at', type: { kind: 'date-time' }, title: { zh: '更新时间', en: 'Updated' } },
]
export const systemProperty = (name: string): SystemProperty | undefined => SYSTEM_PROPERTIES.find((p) => p.name === name)
