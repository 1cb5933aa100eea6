import { defineJob, type JobType } from '#server/runtime/jobs/index.ts'
import type { Engine } from '#server/runtime/records/index.ts'
import { deliver, type Delivered, type Gateways } from './deliver.ts'

/** Delivers waiting messages; runs every fifteen seconds, one at a time over all processes. */
export const notifyJob = (engine: Engine, gateways: Gateways): JobType => defineJob<object, { [K in keyof Delivered]: number }>({
  type: 'notify.send', input: { type: 'object' }, everyMs: 15_000, retry: { attempts: 3 },
  run: async (_payload, ctx) => ({ ...(await deliver(engine, gateways, ctx.clock.now(), ctx.signal)) }),
})
