import { documents } from './documents.ts'
import { imports } from './import.ts'
import type { Kind } from './kind.ts'
import { largeSeating, seating } from './seating.ts'
import { signing } from './signing.ts'
import { timers } from './timers.ts'

export const KINDS: readonly Kind[] = [imports, seating, signing, documents, timers, largeSeating]
export type { Kind, Work } from './kind.ts'
