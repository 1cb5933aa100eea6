import type { Json, JsonObject } from '#server/platform/json.ts'
import type { Engine } from '#server/runtime/records/index.ts'
import { purgeAnswers } from './answers.store.ts'

const KEPT_MS = 24 * 3_600_000

/** Job type: hourly removal of answers that are older than a day. Shaped as runtime/jobs wants it, without importing that module. */
export const purgeAnswersJob = (engine: Engine): { type: string; input: JsonObject; everyMs: number; run(): Promise<Json> } => ({
  type: 'api.purge', input: { type: 'object', additionalProperties: false }, everyMs: 3_600_000,
  run: async () => { await purgeAnswers(engine, engine.clock.now() - KEPT_MS); return {} },
})
