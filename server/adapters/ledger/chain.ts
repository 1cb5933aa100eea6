import { createHash } from 'node:crypto'

export interface Block { height: number; previous: string; hash: string; txHash: string; at: number }
const sha = (text: string): string => createHash('sha256').update(text).digest('hex')

export const GENESIS = '0'.repeat(64)
export const txHashOf = (key: string, digest: string): string => sha(JSON.stringify([key, digest]))
export const blockHashOf = (b: Omit<Block, 'hash'>): string => sha(JSON.stringify([b.height, b.previous, b.txHash, b.at]))
export const nextBlock = (last: { height: number; hash: string } | undefined, txHash: string, at: number): Block => {
  const block = { height: (last?.height ?? 0) + 1, previous: last?.hash ?? GENESIS, txHash, at }
  return { ...block, hash: blockHashOf(block) }
}
