import type { JsonObject } from '#app/gateway/contracts.server.ts'

export interface FormSection { id: string; title: string; help?: string; columns: number; fields: string[] }
export const ROOT_SECTION = '_rest'
export const sectionId = (id: string): string => `section-${id}`

interface Raw { id?: unknown; title?: unknown; help?: unknown; columns?: unknown; fields?: unknown }
const rawSections = (ui: JsonObject): Raw[] => {
  const options = ui['ui:options'] as JsonObject | undefined
  const raw = ui['ui:sections'] ?? options?.sections
  return Array.isArray(raw) ? (raw as Raw[]) : []
}

/** The sections of a form in order, each with the top-level fields that exist; fields in none come last. */
export const sectionsOf = (schema: JsonObject, ui: JsonObject): FormSection[] => {
  const names = Object.keys((schema.properties ?? {}) as JsonObject)
  const placed = new Set<string>()
  const sections = rawSections(ui).map((raw, index) => {
    const fields = (Array.isArray(raw.fields) ? raw.fields : []).filter((name): name is string => typeof name === 'string' && names.includes(name) && !placed.has(name))
    fields.forEach((name) => placed.add(name))
    return { id: String(raw.id ?? index), title: String(raw.title ?? ''), ...(typeof raw.help === 'string' && { help: raw.help }), columns: Number(raw.columns ?? 2), fields }
  })
  const rest = names.filter((name) => !placed.has(name))
  const all = rest.length ? [...sections, { id: ROOT_SECTION, title: '', columns: 2, fields: rest }] : sections
  return all.filter((section) => section.fields.length > 0)
}
