import type { Json, JsonObject } from '#server/platform/json.ts'
import type { Files } from './types.ts'

/** Job type: hourly removal of expired files. Shaped as runtime/jobs wants it, without importing that module. */
export const purgeJob = (files: () => Files): { type: string; input: JsonObject; everyMs: number; run(): Promise<Json> } => ({
  type: 'files.purge', input: { type: 'object', additionalProperties: false }, everyMs: 3_600_000,
  run: async () => ({ removed: await files().purge() }),
})
