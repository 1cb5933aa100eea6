import { sharp } from '#server/platform/pictures.ts'
import type { ReadFile } from '../types.ts'
import { demoSeal, demoSignatureSeal } from './demo-seal.ts'

/** A portrait of nobody: a silhouette on blue, 295×413 pixels (one inch at 300 dpi), as JPEG. */
export async function samplePortrait(background = '#4a86c8'): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="295" height="413" viewBox="0 0 295 413"><rect width="295" height="413" fill="${background}"/><path d="M20 413c4-92 58-128 128-128s124 36 128 128z" fill="#2f3b4c"/><path d="M112 250h72v52c-18 24-54 24-72 0z" fill="#e6bd9c"/><ellipse cx="148" cy="182" rx="66" ry="84" fill="#f1cbab"/><path d="M78 176c-4-70 24-104 70-104s76 34 72 104c-10-32-26-52-40-58-24 12-60 14-78 8-12 12-20 30-24 50z" fill="#2b211c"/></svg>`
  return new Uint8Array(await sharp(Buffer.from(svg)).jpeg({ quality: 88 }).toBuffer())
}

const SAMPLES: Record<string, () => Promise<Uint8Array>> = {
  'sample:portrait': () => samplePortrait(),
  'sample:seal': () => demoSeal('示例组织示例机构'),
  'sample:signature': () => demoSignatureSeal('示例'),
}

/** Reads the pictures that sample.json names (`sample:portrait`, `sample:seal`, `sample:signature`); anything else is absent. */
export const readSampleFile: ReadFile = async (ref) => {
  const sample = Object.hasOwn(SAMPLES, ref) ? SAMPLES[ref] : undefined
  return sample ? { bytes: await sample(), type: 'image/png' } : null
}
