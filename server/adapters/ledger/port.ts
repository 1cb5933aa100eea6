import type { Answer } from '../outcome.ts'

export interface Anchor { blockHeight: number; blockHash: string; txHash: string }
/** Writes the digest of a fact where nobody can change it afterwards. One key is anchored once, whatever happens. */
export interface LedgerPort { anchor(entry: { key: string; digest: string }): Promise<Answer<Anchor>> }
