import { Utils } from './handlebars.ts'
import type { RenderState } from './render-state.ts'

// Noncharacters never occur in text that passed validation; a forged token could only repeat an image of the same document.
const [OPEN, CLOSE] = ['\uFDD0', '\uFDD1']
export const IMAGE_TOKEN = new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'g')
const LENGTH = /^-?\d+(\.\d+)?(mm|cm|in|pt|px|em|rem|%|vw|vh)$/

/** A CSS length out of a template; throws for anything else, so that no value can leave its declaration. */
export function cssLength(value: unknown, name: string): string {
  const text = String(value)
  if (!LENGTH.test(text)) throw new Error(`${name}="${text}" is no length (expected such as 30mm)`)
  return text
}

const refOf = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (value && typeof value === 'object') {
    const file = value as { id?: unknown; ref?: unknown }
    const ref = file.ref ?? file.id
    if (typeof ref === 'string' || typeof ref === 'number') return String(ref)
  }
  return ''
}

interface ImageTag { className: string; alt: string; style: string; required: boolean }

/** An `<img>` whose source is read after the text is made; nothing to show = a box with the alternative text. */
export function imageTag(value: unknown, tag: ImageTag, state: RenderState): string {
  const [className, alt] = [Utils.escapeExpression(tag.className), Utils.escapeExpression(tag.alt)]
  const ref = refOf(value)
  if (ref === '' && !tag.required) return `<span class="${className} image-absent" style="${tag.style}">${alt}</span>`
  const index = state.images.push({ ref, required: tag.required, label: tag.alt || 'image' }) - 1
  return `<img class="${className}" alt="${alt}" style="${tag.style}" src="${OPEN}${index}${CLOSE}">`
}

/** A seal laid over its document: position of its centre from the top left of the sheet's printed area. */
export function sealTag(value: unknown, hash: Record<string, unknown>, state: RenderState): string {
  const size = cssLength(hash.size ?? '40mm', 'size')
  const rotate = Number(hash.rotate ?? 0)
  const opacity = Number(hash.opacity ?? 0.92)
  if (!Number.isFinite(rotate) || !(opacity > 0 && opacity <= 1)) throw new Error('a seal needs rotate in degrees and opacity in 0..1')
  if (refOf(value) === '' && hash.required !== true) return ''
  const style = `left:${cssLength(hash.x, 'x')};top:${cssLength(hash.y, 'y')};width:${size};opacity:${opacity};transform:translate(-50%,-50%) rotate(${rotate}deg)`
  return imageTag(value, { className: 'seal', alt: String(hash.label ?? '印章'), style, required: true }, state)
}
