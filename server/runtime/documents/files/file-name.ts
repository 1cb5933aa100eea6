import { DocumentError } from '../errors.ts'
import type { CompiledTemplate, DocumentContext, RenderEnv } from '../types.ts'

/** Name bytes that ZIP tools and file systems take everywhere (255 less room for " (123456)"). */
const MAX_BYTES = 240
// Windows keeps these for devices, with any extension.
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i
// Controls, direction marks (they can disguise an extension) and zero-width characters.
const INVISIBLE = /[\p{Cc}\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu

const cut = (text: string, bytes: number): string => {
  let size = 0
  let end = ''
  for (const character of text) {
    size += Buffer.byteLength(character)
    if (size > bytes) break
    end += character
  }
  return end
}

/** A name for every file system: no separators, controls, reserved names, trailing dots; at most 240 bytes with its extension. */
export function cleanFileName(name: string, extension: string): string {
  const suffix = `.${extension}`
  const stem = name.toLowerCase().endsWith(suffix) ? name.slice(0, -suffix.length) : name
  const clean = stem.normalize('NFC').replace(INVISIBLE, '').replace(/[\\/:*?"<>|]/g, '_').replace(/\s+/g, ' ').replace(/^[\s.]+|[\s.]+$/g, '')
  const safe = clean === '' ? 'document' : RESERVED.test(clean) ? `_${clean}` : clean
  return cut(safe, MAX_BYTES - suffix.length).replace(/[\s.]+$/, '') + suffix
}

/** The wanted name, or with " (2)" before the extension when it is taken (case does not count); remembers what it gives. */
export function uniqueName(wanted: string, taken: Set<string>, maxCharacters = Infinity): string {
  const dot = wanted.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [wanted.slice(0, dot), wanted.slice(dot)] : [wanted, '']
  let name = wanted
  for (let count = 2; taken.has(name.toLowerCase()); count++) {
    const tail = ` (${count})${extension}`
    name = [...stem].slice(0, maxCharacters - tail.length).join('') + tail
  }
  taken.add(name.toLowerCase())
  return name
}

/** The file name of one document by the template's pattern. */
export function fileNameOf(template: CompiledTemplate, context: DocumentContext, env: RenderEnv, extension: string): string {
  const { text, images } = template.fileName(context, env)
  if (images.length > 0) throw new DocumentError('DOCUMENT_TEMPLATE_INVALID', `${template.def.file}: filename uses {{image}}; a name is plain text`, `模板“${template.def.title.zh}”的文件名设置有误，请联系管理员`)
  return cleanFileName(text, extension)
}
