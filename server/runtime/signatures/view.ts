import type { Signature } from './signatures.store.ts'

export interface SignatureShown { code: string; purpose: string; count: number; expiresAt: string; state: 'waiting' | 'drawn' | 'expired'; url: string }

export const isOver = (s: Signature, now: number): boolean => s.usedAt !== null || s.expiresAt <= now
/** Says what is signed and how many, never whom it concerns: the page behind the code is public. */
export const shown = (s: Signature, code: string, now: number, publicUrl: string): SignatureShown => ({
  code, purpose: s.frozen.title, count: s.frozen.members.length, expiresAt: new Date(s.expiresAt).toISOString(),
  state: isOver(s, now) ? 'expired' : s.drawnAt === null ? 'waiting' : 'drawn', url: `${publicUrl.replace(/\/$/, '')}/sign/${code}`,
})
