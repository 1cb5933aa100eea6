import { NotUnderstood } from './not-understood.ts'

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const entity = (whole: string, name: string): string => {
  if (name.startsWith('#')) {
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
    if (!(code > 0 && code <= 0x10ffff)) throw new NotUnderstood(`character reference ${whole}`)
    return String.fromCodePoint(code)
  }
  const text = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined
  if (text === undefined) throw new NotUnderstood('unknown entity')
  return text
}

/** XML character data of a cell as people see it: entities, line ends, and the `_x000D_` escapes of ST_Xstring. */
export const decodeText = (raw: string): string => {
  let text = raw
  if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n')
  if (text.includes('&')) text = text.replace(/&([^;\s&]+);/g, entity)
  if (text.includes('_x')) text = text.replace(/_x([0-9A-F]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return text
}

/**
 * Text of an `si` or `is` element's content: all runs joined, phonetic readings left out.
 * `prefix` is the namespace prefix with its colon, or "".
 */
export const runsText = (xml: string, prefix: string): string => {
  const open = `<${prefix}t`
  const phonetic = `<${prefix}rPh`
  const phoneticEnd = `</${prefix}rPh>`
  let text = ''
  let at = 0
  for (;;) {
    const start = xml.indexOf('<', at)
    if (start < 0) return text
    const next = xml.charCodeAt(start + 1)
    if (next === 33 || next === 63) throw new NotUnderstood('comment, CDATA or processing instruction in a text')
    if (xml.startsWith(phonetic, start) && !/[A-Za-z]/.test(xml[start + phonetic.length] ?? '')) {
      const end = xml.indexOf(phoneticEnd, start)
      if (end < 0) throw new NotUnderstood('phonetic run without end')
      at = end + phoneticEnd.length
      continue
    }
    const tagEnd = xml.indexOf('>', start)
    if (tagEnd < 0) throw new NotUnderstood('tag without end')
    at = tagEnd + 1
    const after = xml.charCodeAt(start + open.length)
    if (!xml.startsWith(open, start) || (after !== 62 && after > 32) || xml.charCodeAt(tagEnd - 1) === 47) continue
    const close = xml.indexOf('<', at)
    text += decodeText(xml.slice(at, close < 0 ? xml.length : close))
    at = close < 0 ? xml.length : close
  }
}
