import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { AppError } from './errors.ts'

/** Makes the data folder when it is not there. Throws FOLDER_UNUSABLE when it, or what already lies in it, cannot be written. */
export const ensureVarFolder = ({ varDir, database, keys }: Pick<Config, 'varDir' | 'database' | 'keys'>): void => {
  const file = database.url.startsWith('sqlite:') ? database.url.slice('sqlite:'.length) : undefined
  const secrets = keys.trimStart().startsWith('{') ? undefined : keys
  // personal data lies here: a folder that is made anew is the user's alone
  check(varDir, () => mkdirSync(varDir, { recursive: true, mode: 0o700 }))
  for (const place of [varDir, join(varDir, 'files'), file]) if (place !== undefined && existsSync(place)) check(place, () => accessSync(place, constants.R_OK | constants.W_OK))
  if (secrets !== undefined && existsSync(secrets)) check(secrets, () => accessSync(secrets, constants.R_OK))
}

const check = (place: string, look: () => void): void => {
  try { look() }
  catch (error) { throw new AppError('FOLDER_UNUSABLE', { place, reason: (error as NodeJS.ErrnoException).code ?? String(error) }, { cause: error }) }
}
