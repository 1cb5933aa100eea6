import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { AuditHead } from './types.ts'

/** Appends each head to a file outside the database; ship that file elsewhere to be safe against both being changed. */
export const publishToFile = (file: string) => async (head: AuditHead): Promise<void> => {
  await mkdir(dirname(file), { recursive: true })
  await appendFile(file, `${JSON.stringify(head)}\n`, { mode: 0o600 })
}
