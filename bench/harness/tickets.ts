import { join } from 'node:path'
import { drawFace } from '#server/cli/demo/generator/index.ts'
import { loadDefinitions } from '#server/runtime/definitions/index.ts'
import { compileTemplate, type CompiledTemplate, type DocumentContext, type RenderEnv } from '#server/runtime/documents/index.ts'
import { sharp } from '#server/platform/pictures.ts'
import { people } from './people.ts'
import { DEMO } from './school.ts'

const ROOT = join(import.meta.dirname, '../..')
const PHOTOS = 200
const TEMPLATE = 'admission-ticket'

/** The shipped admission ticket with a QR code beside its bar code, in a font of its own choice or the one given. */
export async function ticketTemplate(font?: string): Promise<{ template: CompiledTemplate; sample: DocumentContext }> {
  const { definitions } = await loadDefinitions({ roots: [ROOT] })
  const def = definitions.programmes[DEMO.programme]!.templates[TEMPLATE]!
  const html = def.html.replace('</footer>', '{{#if ticketNo}}{{qr ticketNo size="22mm"}}{{/if}}</footer>')
  const { template, findings } = compileTemplate({ ...def, html, css: font ? `${def.css}\nhtml,body{font-family:"${font}",sans-serif}` : def.css })
  if (!template || html === def.html) throw new Error(`the ticket cannot be used: ${findings.map((f) => f.message).join('; ')}`)
  return { template, sample: def.sample }
}

/** Photos as they are uploaded: 295 × 413, drawn, all different, with the grain of a camera (about 22 KB). */
export async function ticketPhotos(): Promise<Uint8Array[]> {
  const grain = { create: { width: 295, height: 413, channels: 3 as const, background: '#808080', noise: { type: 'gaussian' as const, mean: 128, sigma: 30 } } }
  return Promise.all(Array.from({ length: PHOTOS }, async (_, n) => sharp(await drawFace(n)).composite([{ input: await sharp(grain).png().toBuffer(), blend: 'overlay' }]).jpeg({ quality: 85 }).toBuffer()))
}

export const ticketOf = (sample: DocumentContext, count: number): DocumentContext[] => people(count).map((p, n) => ({
  ...sample, name: p.name, number: `KS26${String(n).padStart(6, '0')}`, ticketNo: `202603010001110000007${String(n).padStart(5, '0')}`, idNo: `${p.idNo.slice(0, 3)}*****${p.idNo.slice(-4)}`, photo: `photo:${n % PHOTOS}`,
}))

export const ticketEnv = (photos: Uint8Array[], now: number): RenderEnv => ({
  now, zone: 'Asia/Shanghai', site: { name: '评价组织', baseUrl: 'https://example.test' },
  readFile: async (ref) => { const bytes = photos[Number(ref.slice('photo:'.length))]; return bytes ? { bytes, type: 'image/jpeg' } : null },
})
