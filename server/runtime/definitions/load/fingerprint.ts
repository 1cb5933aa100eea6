import { createHash } from 'node:crypto'
import { scanRoots } from './scan.ts'

/** A hash of all definition files of the roots, by name and content. */
export async function fingerprint(roots: string[]): Promise<string> {
  const { texts } = await scanRoots(roots)
  const hash = createHash('sha256')
  for (const [file, text] of texts) hash.update(`${file}\0${text.length}\0`).update(text)
  return hash.digest('base64url')
}
