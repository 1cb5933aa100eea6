import type { CompiledTemplate, Contexts, DocumentResult, RenderEnv } from '../types.ts'
import { prepareBatches, type Batch, type BatchLimits } from './batches.ts'
import { isolate, printDocuments, splitDocuments, type Printer } from './print-batch.ts'

interface Printed { batch: Batch; outcome: { bytes: Uint8Array } | { error: unknown } }

/**
 * Documents in the order of their contexts. While a batch is taken apart in the splitter's thread the next one prints;
 * at most two batches are in memory, and nothing is printed faster than it is taken.
 */
export async function* streamPdfs(printer: Printer, template: CompiledTemplate, contexts: Contexts, env: RenderEnv, limits?: BatchLimits): AsyncGenerator<DocumentResult> {
  const batches = prepareBatches(template, contexts, env, limits)
  const printNext = async (): Promise<Printed | null> => {
    const next = await batches.next()
    if (next.done) return null
    const batch = next.value
    if (batch.documents.length === 0) return { batch, outcome: { bytes: new Uint8Array() } }
    return printDocuments(printer, template, batch.documents).then((bytes) => ({ batch, outcome: { bytes } }), (error: unknown) => ({ batch, outcome: { error } }))
  }
  const ahead = (): Promise<Printed | null> => {
    const next = printNext()
    next.catch(() => null) // may fail while the last batch is still being delivered; told when it is awaited
    return next
  }
  let printing = ahead()
  try {
    for (let printed = await printing; printed; printed = await printing) {
      printing = ahead()
      yield* await finish(printer, template, printed, env)
    }
  } finally {
    await printing.catch(() => null)
    await batches.return(undefined)
  }
}

async function finish(printer: Printer, template: CompiledTemplate, { batch, outcome }: Printed, env: RenderEnv): Promise<DocumentResult[]> {
  const printed = batch.documents.length === 0 ? []
    : 'error' in outcome ? await isolate(printer, template, batch.documents, env, outcome.error)
      : await splitDocuments(printer, template, batch.documents, outcome.bytes, env).catch((error: unknown) => isolate(printer, template, batch.documents, env, error))
  const failed = batch.failed.map((document): DocumentResult => ({ ok: false, ...document }))
  return [...printed, ...failed].sort((left, right) => left.index - right.index)
}
