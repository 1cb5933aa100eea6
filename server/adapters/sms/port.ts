import type { Answer } from '../outcome.ts'

/** `sent` false = kept in the outbox, where administrators read it. */
export interface SmsPort { send(message: { key: string; to: string; text: string }): Promise<Answer<{ sent: boolean }>> }
