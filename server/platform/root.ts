import { join } from 'node:path'

/** The product's own folder; compiled files lie as deep in it (build/run) as this one. */
export const ROOT = join(import.meta.dirname, '../..')
