import type { EntityDef, PropertyDef } from '#server/runtime/definitions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { maskShown, presentValue, propertyToFeel, type FactLoader, type Shown } from '#server/runtime/records/index.ts'
import type { WriteValue } from '#server/runtime/records/excel/index.ts'
import type { Lang } from '../../context.ts'

/** What a sheet holds of a value as it is shown: numbers as numbers, money in whole units, files as a word. */
export const written = (shown: Shown): WriteValue => {
  if (shown.kind === 'number') return typeof shown.raw === 'number' ? shown.raw : shown.text
  if (shown.kind === 'money') return typeof shown.raw === 'number' ? shown.raw / 100 : shown.text
  if ((shown.kind === 'file' || shown.kind === 'image') && shown.raw) return '已上传'
  return shown.text
}

/** How the values of one column are shown. */
export interface Look { format?: string; mask?: string; lang: Lang; /** the value names a referred record: a text in any case */ label?: boolean }
/** A stored JSON value as the sheet holds it. */
export type Show = (value: unknown) => WriteValue

/** The values of a property in words; what needs no words is passed on as it is. */
export function showOf(loader: FactLoader, prop: PropertyDef, owner: EntityDef, look: Look): { show: Show; plain: boolean } {
  const { format, mask, lang, label } = look
  const general = (value: FeelValue): WriteValue => {
    const shown = presentValue(loader, prop, value, lang, label ? undefined : format, owner)
    const seen = mask ? maskShown(shown, mask) : shown
    return label ? seen.text : written(seen)
  }
  const show: Show = (value) => (value === undefined || value === null || value === '' ? null : general(propertyToFeel(prop, value)))
  const coded = Boolean(prop.states ?? prop.enumTitles ?? prop.file ?? mask)
  if (prop.kind === 'string' && !coded) return { plain: true, show: (value) => (typeof value === 'string' ? value : show(value)) }
  if ((prop.kind === 'integer' || prop.kind === 'number') && !coded && !label) {
    return { plain: true, show: format === 'money' ? (value) => (typeof value === 'number' ? value / 100 : show(value)) : (value) => (typeof value === 'number' ? value : show(value)) }
  }
  return { plain: false, show }
}

const MOST = 10_000
/** Remembers what few different values were shown as. */
export function remembered(show: Show): Show {
  const known = new Map<unknown, WriteValue>()
  return (value) => {
    let found = known.get(value)
    if (found === undefined) {
      found = show(value)
      if (known.size < MOST) known.set(value, found)
    }
    return found
  }
}
