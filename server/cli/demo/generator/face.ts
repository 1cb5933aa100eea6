import { sharp } from '#server/platform/pictures.ts'
import { seededRandom } from '#server/platform/random.ts'

export interface FaceOptions { background?: string; width?: number; height?: number; format?: 'jpeg' | 'png' }

const SKIN = ['#f2cfa9', '#e9b995', '#dba780', '#f6dcc0']
const HAIR = ['#15110f', '#2b1d14', '#3a2a1e', '#0c0c10']
const COAT = ['#23324a', '#1d1d1f', '#4a5568', '#f4f4f4', '#2f4f3a', '#5a2333']

/** A drawn head and shoulders, different for every seed; nobody's face. */
export const faceSvg = (seed: number, background: string): string => {
  const random = seededRandom(seed)
  const pick = (items: readonly string[]): string => items[random.int(0, items.length)] as string
  const [skin, hair, coat] = [pick(SKIN), pick(HAIR), pick(COAT)]
  const [wide, tall, eyes, brow, mouth, fringe] = [random.int(66, 84), random.int(92, 110), random.int(24, 34), random.int(12, 20), random.int(14, 28), random.int(85, 125)]
  const long = random.int(0, 2) === 1
  const eye = (x: number): string => `<ellipse cx="${x}" cy="178" rx="9" ry="${random.int(4, 7)}" fill="#fff"/><circle cx="${x}" cy="178" r="4.5" fill="#241a14"/><path d="M${x - 13} ${178 - brow} Q${x} ${170 - brow} ${x + 13} ${178 - brow}" stroke="${hair}" stroke-width="4" fill="none"/>`
  const glasses = random.int(0, 3) === 0 ? `<g fill="none" stroke="#333" stroke-width="3"><circle cx="${148 - eyes}" cy="178" r="17"/><circle cx="${148 + eyes}" cy="178" r="17"/><path d="M${165 - eyes} 178H${131 + eyes}"/></g>` : ''
  return `<svg xmlns="http://www.w3.org/2000/svg" width="295" height="413" viewBox="0 0 295 413"><rect width="295" height="413" fill="${background}"/>
    ${long ? `<path d="M${148 - wide - 12} 330 V170 Q${148 - wide} 60 148 58 Q${148 + wide} 60 ${148 + wide + 12} 170 V330Z" fill="${hair}"/>` : ''}
    <path d="M22 413 Q34 318 148 310 Q262 318 274 413Z" fill="${coat}"/><path d="M120 270 H176 V322 L148 350 L120 322Z" fill="${skin}"/>
    <ellipse cx="148" cy="190" rx="${wide}" ry="${tall}" fill="${skin}"/>
    <path d="M${146 - wide} 185 Q${148 - wide} 66 148 64 Q${148 + wide} 66 ${150 + wide} 185 Q${138 + wide} ${fringe + 20} 148 ${fringe + 10} Q${158 - wide} ${fringe + 20} ${146 - wide} 185Z" fill="${hair}"/>
    ${eye(148 - eyes)}${eye(148 + eyes)}${glasses}<path d="M148 190 L${random.int(138, 146)} 216 L150 218" stroke="#b98c6c" stroke-width="3" fill="none"/>
    <path d="M${148 - mouth} 245 Q148 ${random.int(248, 262)} ${148 + mouth} 245" stroke="#a5524c" stroke-width="5" fill="none" stroke-linecap="round"/></svg>`
}

export const RED = '#d9001b'
export const BLUE = '#438edb'

/** Portrait of 295 × 413 pixels on red, unless told otherwise. */
export const drawFace = (seed: number, options: FaceOptions = {}): Promise<Buffer> => {
  const image = sharp(Buffer.from(faceSvg(seed, options.background ?? RED))).resize(options.width ?? 295, options.height ?? 413, { fit: 'fill' })
  return options.format === 'png' ? image.png().toBuffer() : image.jpeg({ quality: 85 }).toBuffer()
}
