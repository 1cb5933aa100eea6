export type ImageFormat = 'jpeg' | 'png'

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Format by the first bytes, whatever the name says; undefined for everything but JPG and PNG. */
export const detectImage = (head: Buffer): ImageFormat | undefined => {
  if (head.length >= 3 && head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg'
  return head.subarray(0, 8).equals(PNG) ? 'png' : undefined
}

const EXTENSIONS: Readonly<Record<string, ImageFormat>> = { jpg: 'jpeg', jpeg: 'jpeg', png: 'png' }

/** Format a file name promises. */
export const formatOfName = (name: string): ImageFormat | undefined => {
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined
}

export const FORMAT_LABEL: Readonly<Record<ImageFormat, string>> = { jpeg: 'JPG', png: 'PNG' }
