import type { Answer } from '../outcome.ts'

export interface Letter { key: string; to: string; subject: string; text: string }
/** `sent` false = kept in the outbox, where administrators read it. */
export interface MailPort { send(letter: Letter): Promise<Answer<{ sent: boolean }>> }
