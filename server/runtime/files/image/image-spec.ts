import type { FileDef } from '../../definitions/model.ts'
import type { BackgroundColour } from './background.ts'

export interface ImageSpec {
  /** bytes of the file */
  maxBytes?: number
  /** pixels after the camera's rotation is applied; tolerance in pixels, both ways */
  pixels?: { w: number; h: number; tolerance: number }
  background?: BackgroundColour
  /** the message when width and height differ */
  square?: string
  /** the message when the picture has a background of its own */
  transparent?: string
  /** allowed extensions such as ".jpg"; absent = JPG and PNG */
  accept?: readonly string[]
}

const BACKGROUND_CHECK = /^\s*background\s*=\s*"?(red|blue|white)"?\s*$/

type Checked = Pick<ImageSpec, 'background' | 'square' | 'transparent'>

/** Spec of a machine check such as `background = red`, `width = height` or `transparent`; undefined when a text says something else. */
export const parseImageCheck = (is: string, message = ''): Checked | undefined => {
  const colour = BACKGROUND_CHECK.exec(is)?.[1] as BackgroundColour | undefined
  if (colour) return { background: colour }
  if (/^\s*width\s*=\s*height\s*$/.test(is)) return { square: message || '图片须为正方形' }
  return is.trim() === 'transparent' ? { transparent: message || '图片须为无底色' } : undefined
}

/** What a file property asks of an image; checks by persons are left out, as are those whose policy is off. */
export const imageSpecOf = (file: FileDef, isOn: (policy: string) => boolean = () => true): ImageSpec => {
  const checks = Object.values(file.check).filter((check) => check.by === 'machine' && (check.policy === undefined || isOn(check.policy)))
  return {
    maxBytes: file.maxBytes,
    accept: file.accept,
    ...(file.pixels ? { pixels: file.pixels } : {}),
    ...Object.assign({}, ...checks.map((check) => parseImageCheck(check.is, check.message.zh) ?? {})) as Checked,
  }
}
