import type { Answer } from '../outcome.ts'

/** Puts an electronic seal on a finished document. `bytes` null = the document stands as it was printed. */
export interface SealPort { seal(document: { key: string; name: string; read(): Promise<Buffer> }): Promise<Answer<{ bytes: Buffer | null }>> }
