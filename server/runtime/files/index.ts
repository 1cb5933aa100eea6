export { createFiles, type FilesDeps } from './files.ts'
export { localBlobs } from './local-blobs.ts'
export { purgeJob } from './purge-job.ts'
export type { BlobStore, Files, NewFile, StoredFile } from './types.ts'
