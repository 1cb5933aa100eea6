import { createRequire } from 'node:module'
import type { default as Library, Sharp, SharpInput, SharpOptions } from 'sharp'
import { lazy } from './lazy.ts'

const library = lazy(() => {
  const made = createRequire(import.meta.url)('sharp') as typeof Library
  // Every picture here is another one: a cache of decoded pictures would only hold memory.
  made.cache(false)
  return made
})

export const sharp = (input?: SharpInput | SharpOptions, options?: SharpOptions): Sharp => library()(input as SharpInput, options)
export type { Sharp } from 'sharp'
