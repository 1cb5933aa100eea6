import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, opendir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { systemClock, type Clock } from '#server/platform/clock.ts'
import { AppError, diskError } from '#server/platform/errors.ts'
import { hasEnded, processMark } from '#server/platform/process-mark.ts'
import { cryptoRandom, type Random } from '#server/platform/random.ts'
import type { BlobStore } from './types.ts'

const missing = (e: unknown): boolean => (e as NodeJS.ErrnoException).code === 'ENOENT'

/** Blobs in a folder. A blob appears by rename after it was flushed, so a crash leaves no half file under a name. */
export const localBlobs = (root: string, parts: { realClock?: Clock; random?: Random } = {}): BlobStore => {
  const { realClock = systemClock, random = cryptoRandom } = parts
  const base = resolve(root)
  const at = (locator: string): string => {
    const file = resolve(base, locator)
    if (!file.startsWith(base + sep)) throw new AppError('FILE_DAMAGED', { id: locator, reason: 'its locator leads out of the store' })
    return file
  }
  return {
    async write(source, name) {
      const draft = join(base, INCOMING, `${processMark()}.${random.token(12)}`)
      await mkdir(dirname(draft), { recursive: true })
      try {
        await pipeline(source, createWriteStream(draft, { flags: 'wx', mode: 0o600 }))
        await flush(draft)
        const file = at(name())
        await mkdir(dirname(file), { recursive: true })
        await rename(draft, file)
      } catch (e) {
        await rm(draft, { force: true })
        throw diskError(e) ?? e
      }
    },
    async read(locator) {
      const file = at(locator)
      try { await stat(file) }
      catch (e) { if (missing(e)) throw new AppError('FILE_DAMAGED', { id: locator, reason: 'its bytes are missing' }, { cause: e }); throw e }
      return createReadStream(file) as Readable
    },
    async sweep() {
      const incoming = join(base, INCOMING)
      const drafts = await readdir(incoming).catch((e: unknown) => { if (missing(e)) return []; throw e })
      for (const name of drafts) if (hasEnded(name.split('.').slice(0, -1).join('.'))) await rm(join(incoming, name), { force: true }).catch(() => undefined) // a disk that is full or read-only keeps it for the next time
    },
    async remove(locator) { await rm(at(locator), { force: true }) },
    async *stale(olderThanMs, batch) {
      const before = realClock.now() - olderThanMs
      let out: string[] = []
      for await (const file of walk(base)) {
        if (await modified(file) > before) continue
        out.push(relative(base, file).split(sep).join('/'))
        if (out.length === batch) { yield out; out = [] }
      }
      if (out.length) yield out
    },
  }
}

const INCOMING = 'incoming'

const flush = async (file: string): Promise<void> => {
  const handle = await open(file, 'r+')
  try { await handle.sync() } finally { await handle.close() }
}

/** Infinity for a file that went away meanwhile. */
const modified = async (file: string): Promise<number> => {
  try { return (await stat(file)).mtimeMs } catch (e) { if (missing(e)) return Infinity; throw e }
}

async function* walk(dir: string): AsyncGenerator<string> {
  let entries
  try { entries = await opendir(dir) } catch (e) { if (missing(e)) return; throw e }
  for await (const entry of entries) {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) yield* walk(path)
    else yield path
  }
}
