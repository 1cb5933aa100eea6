import { appendFile, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { AuditHead } from './types.ts'

/** Appends each head to a file outside the database; ship that file elsewhere to be safe against both being changed. */
export const publishToFile = (file: string) => async (head: AuditHead): Promise<void> => {
  await mkdir(dirname(file), { recursive: true })
  await appendFile(file, `${JSON.stringify(head)}\n`, { mode: 0o600 })
}

// several heads fit in; one has less than 200 bytes
const TAIL = 4_096

/** The newest head of the file, null when there is none yet. A last line that a crash cut off is passed over. */
export async function publishedHead(file: string): Promise<AuditHead | null> {
  const handle = await open(file, 'r').catch((e: NodeJS.ErrnoException) => { if (e.code === 'ENOENT') return null; throw e })
  if (!handle) return null
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TAIL), 0, TAIL, Math.max(0, size - TAIL))
    for (const line of buffer.subarray(0, bytesRead).toString('utf8').split('\n').reverse()) {
      try { const head = JSON.parse(line) as AuditHead; if (Number.isInteger(head.seal) && typeof head.hash === 'string') return head } catch { continue }
    }
    return null
  } finally { await handle.close() }
}
