import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Desk } from './open-desk.ts'
import { take } from './refused.ts'

/** Writes a stored file, as the desk's account may read it, to a path; answers the path. */
export async function saveFile(desk: Desk, id: string, path: string, cwd: string): Promise<string> {
  const { file } = take(await desk.services.files.get(desk.actor, id))
  const target = resolve(cwd, path)
  await pipeline(await file.open(), createWriteStream(target))
  return target
}
