import type { AppLoadContext } from '@remix-run/node'
import type { Result } from '#server/services.ts'
import { fromThisSite } from './from-this-site.server.ts'
import { failure } from './respond.server.ts'

const MAX_BYTES = 500_000
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const PREFIX = 'data:image/png;base64,'

const readPng = async (form: FormData): Promise<Buffer | null> => {
  const drawing = form.get('drawing')
  const text = form.get('png')
  const png = drawing instanceof Blob ? Buffer.from(await drawing.arrayBuffer()) : typeof text === 'string' && text.startsWith(PREFIX) ? Buffer.from(text.slice(PREFIX.length), 'base64') : null
  return png && png.length <= MAX_BYTES && PNG.every((byte, index) => png[index] === byte) ? png : null
}

/** Takes a drawn signature from a form: a PNG file, or one as a data URL. The one-time code is the permission. */
export const drawFrom = async (request: Request, code: string, context: AppLoadContext): Promise<Result<object>> => {
  if (!fromThisSite(request)) return failure(403, 'FOREIGN_FORM', '请从签名页面提交')
  const png = await readPng(await request.formData())
  if (!png) return failure(400, 'DRAWING_INVALID', '没有收到签名图像，请重新签名')
  return context.services.signatures.draw(code, png, context.address)
}
