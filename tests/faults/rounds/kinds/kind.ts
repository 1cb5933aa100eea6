import type { Random } from '#server/platform/random.ts'
import type { Site } from '../site.ts'

/** Work of one kind in one round. */
export interface Work {
  /** type of the jobs it is done by; a kill is aimed at who runs one of them. Empty: it is done in the request itself */
  jobs: string[]
  /** resolves when all of it has been done, as far as one can see from outside; throws when that takes too long */
  done: Promise<void>
  /** what is lost, doubled or stuck; empty when all is well */
  check(): Promise<string[]>
}
export interface Kind {
  name: string
  /** begun only in rounds in which the kill is aimed at it: it takes long */
  rare?: boolean
  /** once, before the first round */
  prepare?(site: Site): Promise<void>
  begin(site: Site, round: number, random: Random): Promise<Work>
}

export const LATE_MS = 300_000

/** Tells what differs from what must be. */
export const expected = (of: string, found: Record<string, unknown>, must: Record<string, unknown>): string[] =>
  Object.entries(must).flatMap(([what, value]) => (JSON.stringify(found[what]) === JSON.stringify(value) ? [] : [`${of}: ${what} is ${JSON.stringify(found[what])}, must be ${JSON.stringify(value)}`]))
