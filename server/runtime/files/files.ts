import { Readable } from 'node:stream'
import type { Db } from '#server/data/index.ts'
import type { Clock } from '#server/platform/clock.ts'
import type { Keyring } from '#server/platform/crypto.ts'
import { AppError } from '#server/platform/errors.ts'
import type { Ids } from '#server/platform/ids.ts'
import { fileStore, toFile, type FileRow } from './file.store.ts'
import { decryptFrames, encryptFrames } from './frames.ts'
import { checkHash, createMeter } from './meter.ts'
import { purgeFiles } from './purge.ts'
import type { BlobStore, Files } from './types.ts'

export interface FilesDeps { db: Db; blobs: BlobStore; clock: Clock; ids: Ids; keyring: Keyring }

/** An error anywhere in the chain reaches whoever reads its end. */
const chain = (source: Readable, ...steps: (NodeJS.ReadWriteStream & Readable)[]): Readable => steps.reduce<Readable>((from, to) => {
  from.once('error', (e) => to.destroy(e))
  to.once('close', () => { if (!from.destroyed) from.destroy() })
  return from.pipe(to)
}, source)

export const createFiles = ({ db, blobs, clock, ids, keyring }: FilesDeps): Files => {
  const store = fileStore(db)
  const found = async (id: string): Promise<FileRow> => {
    const row = await store.byId(id)
    if (!row) throw new AppError('NOT_FOUND', { what: '文件', id })
    if (row.expires_at !== null && row.expires_at <= clock.now()) throw new AppError('FILE_EXPIRED', { id })
    return row
  }
  const files: Files = {
    async put(source, meta) {
      const id = ids.next()
      const meter = createMeter(meta.maxBytes, meta.name)
      const keyId = meta.encrypt ? keyring.currentKeyId : null
      const locator = (): string => (keyId ? `sealed/${id.slice(-2)}/${id}` : `plain/${meter.sha256().slice(0, 2)}/${meter.sha256()}`)
      const bytes = Buffer.isBuffer(source) ? Readable.from([source]) : source
      await blobs.write(chain(bytes, meter.stream, ...(keyId ? [encryptFrames(keyring.fileKey(keyId), id)] : [])), locator)
      const file = {
        id, sha256: meter.sha256(), bytes: meter.bytes(), kind: meta.kind, name: meta.name, mime: meta.mime, encrypted: keyId !== null, entity: meta.entity ?? null, record: meta.record ?? null,
        path: meta.path ?? null, createdBy: meta.createdBy ?? null, org: meta.org ?? null, createdAt: clock.now(), expiresAt: meta.expiresAt ?? null,
      }
      await store.insert(file, locator(), keyId)
      return file
    },
    async open(id) {
      const row = await found(id)
      const raw = await blobs.read(row.locator)
      const plain = row.key_id === null ? [] : [decryptFrames(keyring.fileKey(row.key_id), String(row.id))]
      return { file: toFile(row), stream: chain(raw, ...plain, checkHash(row.sha256, id)) }
    },
    async read(id, maxBytes) {
      const { file, stream } = await files.open(id)
      if (file.bytes > maxBytes) { stream.destroy(); throw new AppError('TOO_LARGE', { what: file.name, limit: `${maxBytes} B` }) }
      const parts: Buffer[] = []
      for await (const part of stream) parts.push(part as Buffer)
      return Buffer.concat(parts)
    },
    get: async (id) => toFile(await found(id)),
    of: async (record, path) => (await store.ofRecord(record, path)).map(toFile),
    async attach(id, to) { await found(id); await store.attach(id, to.entity, to.record, to.path ?? null) },
    remove: (list) => (list.length === 0 ? Promise.resolve() : store.expire(list, clock.now())),
    purge: () => purgeFiles(store, blobs, clock),
  }
  return files
}
