import type { Sharp } from 'sharp'

export type BackgroundColour = 'red' | 'blue' | 'white'

export const BACKGROUND_LABEL: Readonly<Record<BackgroundColour, string>> = { red: '红色', blue: '蓝色', white: '白色' }

interface Hsv { hue: number; saturation: number; value: number }

/** hue 0–360, saturation and value 0–1 */
export const toHsv = (r: number, g: number, b: number): Hsv => {
  const max = Math.max(r, g, b)
  const span = max - Math.min(r, g, b)
  const sector = span === 0 ? 0 : max === r ? ((g - b) / span + 6) % 6 : max === g ? (b - r) / span + 2 : (r - g) / span + 4
  return { hue: sector * 60, saturation: max === 0 ? 0 : span / max, value: max / 255 }
}

/** Wide enough for the reds and blues of photo shops and uneven light, narrow enough to leave skin, wood and brick out. */
const RANGE: Readonly<Record<BackgroundColour, (c: Hsv) => boolean>> = {
  red: ({ hue, saturation, value }) => (hue <= 14 || hue >= 340) && saturation >= 0.5 && value >= 0.35,
  blue: ({ hue, saturation, value }) => hue >= 185 && hue <= 250 && saturation >= 0.3 && value >= 0.3,
  white: ({ saturation, value }) => saturation <= 0.12 && value >= 0.82,
}

/** size the picture is brought to before it is looked at */
const WIDTH = 60
const HEIGHT = 84
/** part of the sampled edge that must have the colour: hair and shoulders may touch it */
const ENOUGH = 0.8

/** The edge where a portrait shows background: the strip along the top and both sides down to the middle. */
const isSampled = (x: number, y: number): boolean => y < HEIGHT * 0.07 || (y < HEIGHT * 0.4 && (x < WIDTH * 0.1 || x >= WIDTH * 0.9))

/** Part of the sampled edge (0–1) that has each colour; transparent counts as white. */
export const backgroundShares = async (image: Sharp): Promise<Record<BackgroundColour, number>> => {
  const { data, info } = await image.clone().flatten({ background: '#fff' }).toColourspace('srgb').resize(WIDTH, HEIGHT, { fit: 'fill' }).raw().toBuffer({ resolveWithObject: true })
  const counts = { red: 0, blue: 0, white: 0 }
  let samples = 0
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      if (!isSampled(x, y)) continue
      const at = (y * WIDTH + x) * info.channels
      const [r = 0, g = r, b = r] = data.subarray(at, at + Math.min(3, info.channels))
      const colour = toHsv(r, g, b)
      samples++
      for (const name of ['red', 'blue', 'white'] as const) if (RANGE[name](colour)) counts[name]++
    }
  }
  return { red: counts.red / samples, blue: counts.blue / samples, white: counts.white / samples }
}

/** Colour of the background, undefined when it is none of the named ones. */
export const backgroundOf = async (image: Sharp): Promise<BackgroundColour | undefined> => {
  const shares = await backgroundShares(image)
  return (['red', 'blue', 'white'] as const).find((name) => shares[name] >= ENOUGH)
}
