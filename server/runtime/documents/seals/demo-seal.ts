import { sharp } from '#server/platform/pictures.ts'

const RED = '#c8161d'
const FONT = 'Noto Serif CJK SC, Source Han Serif SC, SimSun, serif'
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const star = (x: number, y: number, radius: number): string => Array.from({ length: 10 }, (_, corner) => {
  const length = corner % 2 === 0 ? radius : radius * 0.382
  const angle = Math.PI * (corner / 5 - 0.5)
  return `${(x + length * Math.cos(angle)).toFixed(1)},${(y + length * Math.sin(angle)).toFixed(1)}`
}).join(' ')

/** Characters on the upper arc, each turned by itself (librsvg has no text on a path). */
function arc(text: string, centre: number, radius: number, size: number): string {
  const characters = [...text]
  const sweep = Math.min(260, characters.length * 24)
  const step = characters.length > 1 ? sweep / (characters.length - 1) : 0
  return characters.map((character, index) => {
    const angle = -sweep / 2 + index * step
    return `<text transform="rotate(${angle.toFixed(2)} ${centre} ${centre})" x="${centre}" y="${centre - radius}" font-size="${size}" text-anchor="middle">${escape(character)}</text>`
  }).join('')
}

/** Only the alpha varies over one red: prints small, and edges stay clean on any background. */
async function png(svg: string): Promise<Uint8Array> {
  const { data, info } = await sharp(Buffer.from(svg)).ensureAlpha().extractChannel(3).raw().toBuffer({ resolveWithObject: true })
  const stamp = sharp({ create: { width: info.width, height: info.height, channels: 3, background: RED } })
    .joinChannel(data, { raw: { width: info.width, height: info.height, channels: 1 } })
  return new Uint8Array(await stamp.png({ compressionLevel: 9 }).toBuffer())
}

/**
 * A round red seal (star, name on the arc, a line below) as transparent PNG of 360×360 pixels.
 * For demonstration organisations only: it is visibly marked, since drawing a real organisation's seal is forgery.
 */
export function demoSeal(text: string, line = '演示专用章'): Promise<Uint8Array> {
  const size = Math.max(24, Math.min(50, 560 / [...text].length))
  return png(`<svg xmlns="http://www.w3.org/2000/svg" width="360" height="360" viewBox="0 0 480 480"><g fill="none" stroke="${RED}"><circle cx="240" cy="240" r="228" stroke-width="14"/><circle cx="240" cy="240" r="212" stroke-width="2"/></g><g fill="${RED}" font-family="${FONT}" font-weight="700">${arc(text, 240, 160, size)}<polygon points="${star(240, 240, 66)}"/><text x="240" y="372" font-size="38" text-anchor="middle">${escape(line)}</text></g></svg>`)
}

/** A square name seal (签名章): up to four characters in two columns, read from the right, as transparent PNG of 200×200 pixels. */
export function demoSignatureSeal(name: string): Promise<Uint8Array> {
  const padded = [...name].length === 2 ? `${name}之印` : [...name].length === 3 ? `${name}印` : name
  const cells = [...padded].slice(0, 4).map((character, index) => {
    const [x, y] = [index < 2 ? 216 : 84, index % 2 === 0 ? 130 : 258]
    return `<text x="${x}" y="${y}" font-size="116" text-anchor="middle">${escape(character)}</text>`
  }).join('')
  return png(`<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200" viewBox="0 0 300 300"><rect x="8" y="8" width="284" height="284" rx="14" fill="none" stroke="${RED}" stroke-width="12"/><g fill="${RED}" font-family="${FONT}" font-weight="700">${cells}</g></svg>`)
}
