import type { Readable } from 'node:stream'

/** Where bytes lie. The local disk is the embedded default; an object store implements the same four calls. */
export interface BlobStore {
  /** Streams in; the name is known when all has been read. Nothing is visible under it before. */
  write(source: Readable, name: () => string): Promise<void>
  /** FILE_DAMAGED when it is missing */
  read(locator: string): Promise<Readable>
  /** removes what processes that were killed have begun to write */
  sweep(): Promise<void>
  /** no error when it is missing */
  remove(locator: string): Promise<void>
  /** locators not touched for olderThanMs (real time), in batches: candidates for removal */
  stale(olderThanMs: number, batch: number): AsyncIterable<string[]>
}

export interface NewFile {
  /** image, document, archive, signature, consent, import, export … */
  kind: string
  name: string
  mime: string
  maxBytes: number
  /** AES-256-GCM at rest; for everything with personal numbers in it */
  encrypt?: boolean
  entity?: string | null
  record?: string | null
  path?: string | null
  createdBy?: string | null
  org?: string | null
  expiresAt?: number | null
}

export interface StoredFile extends Omit<NewFile, 'maxBytes' | 'encrypt'> { id: string; sha256: string; bytes: number; encrypted: boolean; createdAt: number }

export interface Files {
  /** Stores the stream and, in the running transaction, its row. TOO_LARGE beyond maxBytes; nothing is kept then. */
  put(source: Readable | Buffer, meta: NewFile): Promise<StoredFile>
  /** NOT_FOUND, FILE_EXPIRED or FILE_DAMAGED; damage inside is an error of the stream, before its end */
  open(id: string): Promise<{ file: StoredFile; stream: Readable }>
  /** whole content, for what is known to be small */
  read(id: string, maxBytes: number): Promise<Buffer>
  get(id: string): Promise<StoredFile>
  /** files of a record, newest first */
  of(record: string, path?: string): Promise<StoredFile[]>
  attach(id: string, to: { entity: string; record: string; path?: string | null }): Promise<void>
  /** marks it for removal at the next purge */
  remove(ids: string[]): Promise<void>
  /** removes expired files and bytes that no row names; returns how many files went */
  purge(): Promise<number>
}
