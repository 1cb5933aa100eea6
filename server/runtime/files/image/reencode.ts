import { openImage } from './check-image.ts'
import type { ImageFormat } from './detect-image.ts'

export interface ReencodeOptions {
  format?: ImageFormat
  /** JPG only, 1–100 */
  quality?: number
  /** brings the picture to this size, cropping to the shape; absent = as it is */
  pixels?: { w: number; h: number }
}

/**
 * Decodes a picture and writes it anew: rotation applied, sRGB, without metadata, thumbnails or anything hidden
 * behind the pixels. Fails when the picture cannot be decoded: check it first.
 */
export const reencode = async (input: Buffer | string, options: ReencodeOptions = {}): Promise<Buffer> => {
  const image = openImage(input).toColourspace('srgb')
  if (options.pixels) image.resize(options.pixels.w, options.pixels.h, { fit: 'cover' })
  if (options.format === 'png') return image.png().toBuffer()
  return image.flatten({ background: '#fff' }).jpeg({ quality: options.quality ?? 90 }).toBuffer()
}
