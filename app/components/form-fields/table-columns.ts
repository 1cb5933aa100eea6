import type { RJSFSchema, UiSchema } from '@rjsf/utils'
import type { TableColumn } from './table-paste.ts'

export interface FieldColumn extends TableColumn { widget?: string; required: boolean; width: number; schema: RJSFSchema }

const typeOf = (schema: RJSFSchema): TableColumn['type'] => {
  if (schema.enum || schema.oneOf) return 'choice'
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type
  return type === 'number' || type === 'integer' || type === 'boolean' ? type : 'text'
}

const optionsOf = (schema: RJSFSchema): TableColumn['options'] => {
  if (schema.oneOf) return schema.oneOf.map((option) => ({ value: String((option as RJSFSchema).const), label: String((option as RJSFSchema).title ?? (option as RJSFSchema).const) }))
  const names = (schema as { enumNames?: string[] }).enumNames
  return schema.enum?.map((value, index) => ({ value: String(value), label: names?.[index] ?? String(value) }))
}

const widthOf = (schema: RJSFSchema, widget: string | undefined): number => (widget === 'ref' ? 240 : typeOf(schema) === 'text' ? Math.min(320, Math.max(140, (schema.maxLength ?? 20) * 8)) : 120)

/** The columns of a table field from its items' schema; system properties (leading underscore) are not shown. */
export const tableColumns = (items: RJSFSchema, ui: UiSchema | undefined): FieldColumn[] =>
  Object.entries(items.properties ?? {})
    .filter((entry): entry is [string, RJSFSchema] => typeof entry[1] === 'object' && !entry[0].startsWith('_'))
    .map(([id, schema]) => {
      const own = (ui?.[id] ?? {}) as UiSchema
      const widget = own['ui:widget'] as string | undefined
      const options = optionsOf(schema)
      return { id, schema, title: schema.title ?? id, type: typeOf(schema), required: items.required?.includes(id) ?? false, width: widthOf(schema, widget), readOnly: Boolean(own['ui:readonly'] ?? schema.readOnly), ...(widget && { widget }), ...(options && { options }) }
    })
    .filter((column) => column.widget !== 'hidden')
