import { open, stat } from 'node:fs/promises'
import { sharp } from '#server/platform/pictures.ts'
import type { Sharp } from 'sharp'
import { sizeText } from '../../records/archive/index.ts'
import { BACKGROUND_LABEL, backgroundOf } from './background.ts'
import { detectImage, FORMAT_LABEL, formatOfName } from './detect-image.ts'
import type { ImageFormat } from './detect-image.ts'
import type { ImageSpec } from './image-spec.ts'
import { isTransparent } from './transparency.ts'

export type ImageProblemCode = 'empty' | 'too-large' | 'not-an-image' | 'wrong-format' | 'wrong-extension' | 'too-many-pixels' | 'unreadable' | 'wrong-size' | 'wrong-background' | 'not-square' | 'not-transparent'
export interface ImageProblem { code: ImageProblemCode; person: string }
export interface ImageResult {
  ok: boolean
  format?: ImageFormat
  /** pixels as the picture is shown */
  width?: number
  height?: number
  problems: ImageProblem[]
}

/** More pixels than any portrait or scan has; decoding stops before memory is spent on them. */
export const MAX_PIXELS = 50_000_000

const headOf = async (input: Buffer | string): Promise<{ head: Buffer; bytes: number }> => {
  if (Buffer.isBuffer(input)) return { head: input.subarray(0, 16), bytes: input.length }
  const { size } = await stat(input)
  const file = await open(input, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
    return { head: buffer.subarray(0, bytesRead), bytes: size }
  } finally {
    await file.close()
  }
}

const fail = (problem: ImageProblem, more: Partial<ImageResult> = {}): ImageResult => ({ ok: false, ...more, problems: [problem] })
const problem = (code: ImageProblemCode, person: string): ImageProblem => ({ code, person })

/** Opens with limits; what is no picture inside is found when it is decoded. */
export const openImage = (input: Buffer | string): Sharp => sharp(input, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true }).autoOrient()

const formatProblems = (format: ImageFormat, spec: ImageSpec, name: string | undefined): ImageProblem[] => {
  const allowed = new Set((spec.accept ?? ['.jpg', '.png']).map((extension) => formatOfName(extension)))
  if (!allowed.has(format)) return [problem('wrong-format', `图片格式为 ${FORMAT_LABEL[format]}，只能上传 ${(spec.accept ?? []).join('、')} 格式。`)]
  if (name !== undefined && formatOfName(name) !== format) return [problem('wrong-extension', `文件扩展名与内容不符：内容是 ${FORMAT_LABEL[format]} 图片，请另存为正确格式后再上传，不要只改扩展名。`)]
  return []
}

const sizeProblems = (width: number, height: number, spec: ImageSpec): ImageProblem[] => {
  const { pixels } = spec
  if (!pixels || (Math.abs(width - pixels.w) <= pixels.tolerance && Math.abs(height - pixels.h) <= pixels.tolerance)) return []
  const tolerance = pixels.tolerance > 0 ? `（允许相差 ${pixels.tolerance} 像素）` : ''
  return [problem('wrong-size', `图片为 ${width}×${height} 像素，应为 ${pixels.w}×${pixels.h} 像素${tolerance}，请调整后重新上传。`)]
}

const decoded = async (image: Sharp, format: ImageFormat, spec: ImageSpec): Promise<ImageResult> => {
  const { autoOrient: { width, height } } = await image.metadata()
  const problems = sizeProblems(width, height, spec)
  if (spec.square && width !== height) problems.push(problem('not-square', spec.square))
  if (spec.transparent && !(await isTransparent(image))) problems.push(problem('not-transparent', spec.transparent))
  // decodes every pixel: a picture that breaks off in the middle is noticed here
  const background = await backgroundOf(image)
  if (spec.background && background !== spec.background) {
    const now = background ? `（现为${BACKGROUND_LABEL[background]}）` : ''
    problems.push(problem('wrong-background', `照片背景应为${BACKGROUND_LABEL[spec.background]}${now}，请更换照片。`))
  }
  return { ok: true, format, width, height, problems }
}

/**
 * Checks a picture by its content: kind, bytes, pixels, background. Lists every problem that can be seen, each with
 * a text (zh) for the person. `name` is the uploaded file's, compared with the content when given.
 */
export const checkImage = async (input: Buffer | string, spec: ImageSpec = {}, name?: string): Promise<ImageResult> => {
  const { head, bytes } = await headOf(input)
  const format = detectImage(head)
  const tooLarge = spec.maxBytes !== undefined && bytes > spec.maxBytes
  if (bytes === 0) return fail(problem('empty', '文件是空的（0 字节），请重新导出后上传。'))
  if (!format) return fail(problem('not-an-image', '文件不是 JPG 或 PNG 图片，请检查后重新上传。'))
  if (tooLarge) return fail(problem('too-large', `图片大小为 ${sizeText(bytes)}，超过上限 ${sizeText(spec.maxBytes ?? 0)}，请压缩后重新上传。`), { format })
  try {
    const result = await decoded(openImage(input), format, spec)
    const problems = [...formatProblems(format, spec, name), ...result.problems]
    return { ...result, ok: problems.length === 0, problems }
  } catch (error) {
    if (error instanceof TypeError) throw error
    const pixels = /pixel limit/i.test((error as Error).message)
    return fail(pixels ? problem('too-many-pixels', '图片的像素过多，请缩小后重新上传。') : problem('unreadable', '图片已损坏，无法打开，请重新导出后上传。'), { format })
  }
}
