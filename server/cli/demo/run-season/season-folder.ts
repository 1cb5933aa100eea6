import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const DATABASE_FILE = 'season.sqlite'
export const CLOCK_FILE = 'clock.json'

/** The settings that open what `demo run --var` left in a folder; null when no season was run there. */
export function seasonSettings(folder: string): Record<string, string> | null {
  const database = join(folder, DATABASE_FILE)
  if (!existsSync(database)) return null
  return { CERTFLOW_VAR: folder, CERTFLOW_KEYS: join(folder, 'secrets.json'), DATABASE_URL: `sqlite:${database}`, CERTFLOW_CLOCK: 'shared' }
}
