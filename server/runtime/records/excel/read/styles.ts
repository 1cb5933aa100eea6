import { eachElement } from './small-xml.ts'

/** What a cell style says about a number: nothing, that it is a date, or that zeros are shown in front. */
export type NumberStyle = 'plain' | 'date' | 'padded'

/** built-in formats of dates and times, among them the East Asian ones (27–36, 50–58) */
const isBuiltInDate = (id: number): boolean => (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)

export const styleOfFormat = (code: string): NumberStyle => {
  const first = code.split(';')[0] ?? ''
  const bare = first.replace(/\[[^\]]*\]/g, (part) => (/^\[(h+|m+|s+)\]$/i.test(part) ? part : '')).replace(/"[^"]*"|\\.|_.|\*./g, '')
  if (/general/i.test(bare)) return 'plain'
  if (/[ymdhse年月日时分秒]/i.test(bare.replace(/0[.0#]*E[+-]0+/gi, ''))) return 'date'
  return /^0{2,}$/.test(bare) ? 'padded' : 'plain'
}

/** Number style by index of cellXfs. */
export const parseStyles = (xml: Buffer): NumberStyle[] => {
  const custom = new Map<string, NumberStyle>()
  const styles: NumberStyle[] = []
  eachElement(xml, (name, attributes, path) => {
    if (name === 'numFmt' && path.at(-1) === 'numFmts') custom.set(attributes.numFmtId ?? '', styleOfFormat(attributes.formatCode ?? ''))
    if (name === 'xf' && path.at(-1) === 'cellXfs') {
      const id = attributes.numFmtId ?? '0'
      styles.push(custom.get(id) ?? (isBuiltInDate(Number(id)) ? 'date' : 'plain'))
    }
  })
  return styles
}
