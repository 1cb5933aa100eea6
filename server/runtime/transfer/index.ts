import { defineJob, type JobType } from '#server/runtime/jobs/index.ts'
import type { ExportJobResult } from './export/job.ts'
import type { ImportJobResult } from './import/job.ts'
import type { TransferParts } from './parts.ts'

export type { TransferParts } from './parts.ts'
export { describeImport } from './import/describe.ts'
export { importTemplate, type TemplateFile } from './import/template.ts'
export { previewImport } from './import/preview.ts'
export { startImport, type ImportInput } from './import/start.ts'
export { importPicked, type Picked } from './import/pick.ts'
export { importRecords, mayOpenTransferFile } from './import/records.store.ts'
export { importArchiveNow, importRowsNow, type ImportedNow } from './import/now.ts'
export { countExport, exportRowsNow, startExport } from './export/start.ts'
export type { ExportAsk } from './export/rows.ts'

const HOUR = 3_600_000
const one = (name: string) => ({ type: 'object', required: [name], properties: { [name]: { type: 'string' } } })

/** Jobs of imports and exports; their handlers load when the first one runs. */
export function transferJobs(parts: TransferParts): JobType[] {
  return [
    defineJob<{ import: string }, ImportJobResult>({
      type: 'transfer.import', input: one('import'), timeoutMs: 6 * HOUR, retry: { attempts: 5 },
      run: async ({ import: id }, ctx) => (await import('./import/job.ts')).runImport(parts, id, ctx),
    }),
    defineJob<{ export: string }, ExportJobResult>({
      type: 'transfer.export', input: one('export'), timeoutMs: 2 * HOUR, concurrency: 2,
      run: async ({ export: id }, ctx) => (await import('./export/job.ts')).runExport(parts, id, ctx),
    }),
  ]
}
