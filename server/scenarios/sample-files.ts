import { sharp } from '#server/platform/pictures.ts'
import { drawFace } from '../cli/demo/generator/index.ts'
import type { EntityDef } from '../runtime/definitions/index.ts'
import type { House } from '../house.ts'
import type { SampleFile } from '../runtime/release/index.ts'
import { putRecordFile } from './put-file.ts'
import type { World } from './world.ts'

const COLOURS: Record<string, string> = { red: '#d3232f', blue: '#3f7fd0', white: '#ffffff' }

/** "file:red-295x413.jpg" and the like: a real file of that kind, made on the spot. */
export async function sampleBytes(name: string): Promise<{ name: string; bytes: Buffer }> {
  const face = /^face-(\d+)\.jpg$/.exec(name)
  if (face) return { name, bytes: await drawFace(Number(face[1])) }
  const image = /^([a-z]+)-(\d+)x(\d+)\.(jpg|png)$/.exec(name)
  if (image) {
    const [, kind, w, h, ext] = image
    const [width, height] = [Number(w), Number(h)]
    const colour = COLOURS[kind!]
    const face = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><ellipse cx="${width / 2}" cy="${height * 0.45}" rx="${width * 0.22}" ry="${height * 0.22}" fill="#e8c39e"/><rect x="${width * 0.2}" y="${height * 0.72}" width="${width * 0.6}" height="${height * 0.28}" fill="#345"/></svg>`)
    const seal = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><circle cx="${width / 2}" cy="${height / 2}" r="${Math.min(width, height) / 2 - 3}" fill="none" stroke="#d3232f" stroke-width="4"/></svg>`)
    const base = sharp({ create: { width, height, channels: 4, background: colour ?? { r: 0, g: 0, b: 0, alpha: 0 } } }).composite([{ input: colour ? face : seal }])
    return { name, bytes: await (ext === 'jpg' ? base.flatten({ background: colour ?? '#fff' }).jpeg({ quality: 90 }) : base.png()).toBuffer() }
  }
  if (name.endsWith('.pdf')) return { name, bytes: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n') }
  return { name, bytes: Buffer.from('sample') }
}

/** Uploads every "file:…" of the data as the acting person would. */
export async function sampleFiles(w: World, def: EntityDef, data: unknown, path = ''): Promise<unknown> {
  if (typeof data === 'string' && data.startsWith('file:')) {
    const { name, bytes } = await sampleBytes(data.slice(5))
    return w.putFile(def, path, name, bytes)
  }
  if (Array.isArray(data)) return Promise.all(data.map((v) => sampleFiles(w, def, v, path)))
  if (data !== null && typeof data === 'object') return Object.fromEntries(await Promise.all(Object.entries(data).map(async ([k, v]) => [k, await sampleFiles(w, def, v, path ? `${path}.${k}` : k)])))
  return data
}

/** For demo sets: files of the house itself, not of a person. */
export const demoFile = (house: House): SampleFile => async (def, path, name) => {
  const { bytes } = await sampleBytes(name)
  return putRecordFile(house, house.core.system(Object.keys(house.options.definitions.programmes)[0]!), def, path, name, bytes)
}
