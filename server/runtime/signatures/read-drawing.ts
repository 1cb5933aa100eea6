import { sharp } from '#server/platform/pictures.ts'
import { detectImage } from '#server/runtime/files/image/index.ts'

export const MAX_DRAWING = 300 * 1024
const MAX_PIXELS = 4_000_000
/** dark enough to be a line on paper */
const INK = 128
/** a name drawn small on a phone has about a thousand */
const LEAST_INK = 300
const LEAST_BOX = { w: 40, h: 15 }
/** more than this is a filled area, no handwriting */
const MOST_INK = 0.5
const STORED = { w: 1000, h: 500 }

export type Drawing = { ok: true; png: Buffer } | { ok: false; message: string }
const no = (message: string): Drawing => ({ ok: false, message })

/** Decodes what was drawn, insists on strokes of a pen, and writes the picture anew so that nothing else comes with it. */
export async function readDrawing(bytes: Buffer): Promise<Drawing> {
  if (bytes.length > MAX_DRAWING) return no('签名图片超过 300 KB，请重新签名')
  if (detectImage(bytes) !== 'png') return no('签名不是 PNG 图片，请重新签名')
  const open = () => sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
  try {
    const { data, info } = await open().flatten({ background: '#fff' }).greyscale().raw().toBuffer({ resolveWithObject: true })
    const ink = inkOf(data, info.width, info.height, info.channels)
    if (ink.count < LEAST_INK || ink.width < LEAST_BOX.w || ink.height < LEAST_BOX.h) return no('签名内容太少，请手写完整姓名')
    if (ink.count > info.width * info.height * MOST_INK) return no('签名内容无法识别，请重新手写姓名')
    return { ok: true, png: await open().toColourspace('srgb').resize(STORED.w, STORED.h, { fit: 'inside', withoutEnlargement: true }).png({ compressionLevel: 9 }).toBuffer() }
  } catch {
    return no('签名图片已损坏，请重新签名')
  }
}

function inkOf(grey: Buffer, width: number, height: number, channels: number): { count: number; width: number; height: number } {
  let count = 0
  let [left, right, top, bottom] = [width, -1, height, -1]
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    if (grey[(y * width + x) * channels]! >= INK) continue
    count++
    if (x < left) left = x
    if (x > right) right = x
    if (y < top) top = y
    bottom = y
  }
  return { count, width: Math.max(0, right - left + 1), height: Math.max(0, bottom - top + 1) }
}
