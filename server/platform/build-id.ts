import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the compiled product was made of, as a hash; null where TypeScript is run as it is, which may change at any time. */
export function buildId(): string | null {
  const file = join(import.meta.dirname, 'build-id')
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}
