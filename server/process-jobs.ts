import type { Json } from './platform/json.ts'
import type { House } from './house.ts'
import { defineJob, type JobType } from './runtime/jobs/index.ts'
import { advance, deliverMessage, deliverSignal, giveUpLater, recheckSome, runLater, runOperation, runTimers, type ChangedPayload, type LaterPayload, type MessagePayload, type OperationPayload, type SignalPayload } from './runtime/process/index.ts'

const OBJECT = { type: 'object' }
const ATTEMPTS = 3

/** What processes leave to the worker: timers, operations, large sets, messages, signals, conditions of many records. */
export function processJobs({ core, operations, options }: Pick<House, 'core' | 'operations' | 'options'>): JobType[] {
  const now = (): number => options.clock.now()
  return [
    defineJob<object, { fired: number }>({ type: 'process.timers', input: OBJECT, everyMs: 30_000, short: true, run: async () => ({ fired: await runTimers(core.processes, now()) }) }),
    defineJob<OperationPayload, { done: number; failed: number }>({
      type: 'process.operation', input: OBJECT, concurrency: 2, timeoutMs: 3_600_000, retry: { attempts: ATTEMPTS },
      run: async (payload, ctx) => runOperation(core.processes, payload, (id, inputs, call) => operations.run(id, inputs, call, (done, total) => ctx.progress({ done, total })), now(), ctx.job.attempt >= ATTEMPTS),
      failed: async (payload, error) => { await runOperation(core.processes, payload, () => Promise.reject(new Error(error.code === 'INTERNAL' ? error.message : error.person)), now(), true) },
    }),
    defineJob<LaterPayload, Json>({
      type: 'process.effect', input: OBJECT, concurrency: 2, timeoutMs: 3_600_000,
      run: async (payload, ctx) => (await runLater(core.processes, payload, ctx, now())) as unknown as Json,
      failed: (payload, error) => giveUpLater(core.processes, payload, error.person, now()),
    }),
    defineJob<MessagePayload, { taken: number }>({
      type: 'process.message', input: OBJECT, concurrency: 2, short: true,
      // the checkpoint commits with the step: a message that was delivered is not delivered again
      run: async (payload, ctx) => {
        if (ctx.checkpoint === null) await ctx.commit(async () => ({ checkpoint: { taken: (await deliverMessage(core.processes, payload, now())).taken } }))
        return ctx.checkpoint as { taken: number }
      },
    }),
    defineJob<SignalPayload, { taken: number }>({
      type: 'process.signal', input: OBJECT, short: true,
      run: async (payload, ctx) => {
        for (let at = (ctx.checkpoint ?? { after: '0', taken: 0 }) as { after: string | null; taken: number }; at.after !== null; at = ctx.checkpoint as { after: string | null; taken: number }) {
          const { after, taken } = at
          await ctx.commit(async () => { const r = await deliverSignal(core.processes, payload, now(), after!); return { checkpoint: { after: r.after, taken: taken + r.taken } } })
        }
        return { taken: (ctx.checkpoint as { taken: number }).taken }
      },
    }),
    defineJob<ChangedPayload, Record<string, never>>({
      type: 'process.changed', input: OBJECT,
      run: async (payload, ctx) => {
        for (let after = (ctx.checkpoint as { after: string | null } | null)?.after ?? payload.after; ; after = (ctx.checkpoint as { after: string }).after) {
          const from = after
          await ctx.commit(async () => ({ checkpoint: { after: await recheckSome(core.processes, core.system(payload.programme, now()), { ...payload, after: from }, advance) } }))
          if ((ctx.checkpoint as { after: string | null }).after === null) return {}
        }
      },
    }),
  ]
}
