import sharp from 'sharp'

// Every picture here is another one: a cache of decoded pictures would only hold memory.
sharp.cache(false)

export { sharp }
export type { Sharp } from 'sharp'
