import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { TransferParts } from './parts.ts'

const HOUR = 3_600_000
const PREVIEW = 'preview-'
export const previewFolder = (id: string): string => PREVIEW + id

/** What a killed process left behind: folders of jobs that do not run, and previews of more than an hour ago. */
async function sweep(parts: TransferParts, root: string, own: string): Promise<void> {
  const running = new Set((await parts.db.all<{ id: number | string }>(`SELECT id FROM jobs WHERE state = 'running'`)).map((r) => String(r.id)))
  const { mtimeMs: now } = await stat(join(root, own))
  for (const name of await readdir(root)) {
    if (name === own || running.has(name)) continue
    const at = await stat(join(root, name)).catch(() => null)
    if (at && (!name.startsWith(PREVIEW) || now - at.mtimeMs > HOUR)) await rm(join(root, name), { recursive: true, force: true })
  }
}

/** A folder of its own (named by the job) for what must lie open while it runs: a ZIP is read from its end. Gone when `work` ends. */
export async function withFolder<T>(parts: TransferParts, name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const root = join(parts.options.varDir, 'transfer')
  const folder = join(root, name)
  await mkdir(root, { recursive: true, mode: 0o700 })
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { mode: 0o700 })
  await sweep(parts, root, name)
  try { return await work(folder) } finally { await rm(folder, { recursive: true, force: true }) }
}

/** The stored file decrypted into the folder; returns its path. */
export async function localCopy(parts: TransferParts, file: string, folder: string): Promise<string> {
  const path = join(folder, 'source')
  const { stream } = await parts.files.open(file)
  await pipeline(stream, createWriteStream(path, { mode: 0o600, flags: 'wx' }))
  return path
}
