import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readSheet } from '../runtime/records/excel/index.ts'

const run = promisify(execFile)

/** The words of a printed document: pdftotext for PDF, all cells for a workbook. */
export async function documentText(type: 'pdf' | 'xlsx', bytes: Buffer): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'certflow-text-'))
  const path = join(dir, `document.${type}`)
  try {
    await writeFile(path, bytes)
    if (type === 'pdf') return (await run('pdftotext', ['-enc', 'UTF-8', '-raw', path, '-'], { maxBuffer: 64 * 1024 * 1024 })).stdout
    let text = ''
    for await (const row of readSheet(path)) text += `${Object.values(row.cells).map((c) => c.text).join(' ')}\n`
    return text
  } finally { await rm(dir, { recursive: true, force: true }) }
}
