import { sharp } from '#server/platform/pictures.ts'
import { DocumentError } from '../errors.ts'
import { IMAGE_TOKEN } from '../helpers/image.ts'
import type { ImageRequest, ReadFile } from '../types.ts'

const DATA_URL = /^data:image\/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]+$/
/** Above this a picture is scaled down: 1600 pixels are A5 at 200 dpi. */
const PLAIN_LIMIT = 400_000
const MAX_EDGE = 1600

const typeOf = (bytes: Uint8Array): string | null => {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.byteLength)).toString('latin1')
  if (head.startsWith('\x89PNG')) return 'png'
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (head.startsWith('GIF8')) return 'gif'
  return head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP' ? 'webp' : null
}

async function dataUrlOf(request: ImageRequest, readFile: ReadFile): Promise<string> {
  const { ref, label } = request
  if (DATA_URL.test(ref)) return ref
  const file = ref === '' || ref.startsWith('data:') ? null : await readFile(ref)
  if (!file) throw new DocumentError('DOCUMENT_IMAGE_MISSING', `the image "${label}" (file ${ref === '' ? 'none' : ref.slice(0, 60)}) cannot be read; upload it again`, `缺少“${label}”图片，请上传后重试`)
  const type = typeOf(file.bytes)
  if (!type) throw new DocumentError('DOCUMENT_IMAGE_INVALID', `the file ${ref} of "${label}" is no PNG, JPEG, WebP or GIF; upload a picture`, `“${label}”不是有效的图片文件，请重新上传`)
  if (file.bytes.byteLength <= PLAIN_LIMIT) return `data:image/${type};base64,${Buffer.from(file.bytes).toString('base64')}`
  const picture = sharp(file.bytes, { limitInputPixels: 100_000_000 }).rotate().resize({ width: MAX_EDGE, height: MAX_EDGE, fit: 'inside', withoutEnlargement: true })
  const keepsAlpha = (await picture.metadata()).hasAlpha
  const smaller = await (keepsAlpha ? picture.png({ palette: true }) : picture.jpeg({ quality: 85 })).toBuffer()
  return `data:image/${keepsAlpha ? 'png' : 'jpeg'};base64,${smaller.toString('base64')}`
}

/** Puts the pictures of one text in place of their tokens; a required picture that is missing refuses the document. */
export async function loadImages(text: string, images: ImageRequest[], readFile: ReadFile): Promise<string> {
  if (images.length === 0) return text
  const urls = await Promise.all(images.map((request) => dataUrlOf(request, readFile)))
  return text.replace(IMAGE_TOKEN, (_token, index: string) => urls[Number(index)] ?? '')
}
