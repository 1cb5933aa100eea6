import type { UiSchema } from '@rjsf/utils'
import type { Json, JsonObject } from '#app/gateway/contracts.server.ts'

const plain = (value: unknown): value is JsonObject => value !== null && typeof value === 'object' && !Array.isArray(value)
const isTime = (schema: Json | undefined): boolean => plain(schema) && (schema.format === 'date-time' || schema.format === 'date')

/** An object that is nothing but a start and an end. */
const isRange = (schema: JsonObject): boolean => {
  const properties = plain(schema.properties) ? schema.properties : {}
  const names = Object.keys(properties)
  return names.length === 2 && isTime(properties.start) && isTime(properties.end)
}

const typeOf = (schema: JsonObject): string | undefined => (Array.isArray(schema.type) ? (schema.type.find((type): type is string => type !== 'null')) : (schema.type as string | undefined))

const arrayWidget = (schema: JsonObject): string | undefined => {
  const items = plain(schema.items) ? schema.items : {}
  if (items.enum || items.oneOf) return undefined
  return typeOf(items) === 'object' ? 'editableTable' : 'tags'
}

/** Adds the widgets that follow from the schema alone; what the definition chose stays. */
export const prepareUi = (schema: JsonObject, ui: JsonObject): UiSchema => {
  const prepared: JsonObject = { ...ui }
  const chosen = ui['ui:widget'] !== undefined || ui['ui:field'] !== undefined
  const type = typeOf(schema)
  if (!chosen && type === 'object' && isRange(schema)) return { ...prepared, 'ui:field': 'range' } as UiSchema
  if (!chosen && type === 'array') {
    const widget = arrayWidget(schema)
    if (widget) prepared['ui:widget'] = widget
  }
  if (!chosen && type === 'string' && typeof schema.maxLength === 'number' && schema.maxLength > 200) prepared['ui:widget'] = 'textarea'
  if (plain(schema.properties)) {
    for (const [name, property] of Object.entries(schema.properties)) {
      if (plain(property)) prepared[name] = prepareUi(property, plain(ui[name]) ? ui[name] : {}) as unknown as Json
    }
  }
  return prepared as UiSchema
}

const WIDE = new Set(['textarea', 'rich', 'editableTable', 'file', 'image'])

/** Does the field take its own row? */
export const isWide = (schema: JsonObject, ui: UiSchema): boolean => {
  const options = (ui['ui:options'] ?? {}) as JsonObject
  if (typeof options.wide === 'boolean') return options.wide
  return WIDE.has(String(ui['ui:widget'] ?? '')) || (typeOf(schema) === 'object' && ui['ui:field'] === undefined && ui['ui:widget'] === undefined)
}
