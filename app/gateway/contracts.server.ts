/** The shapes the screens show. Types only, so components may import them: nothing of the server is bundled. */
export type * from '#server/services.ts'
export type { Json, JsonObject } from '#server/runtime/definitions/model.ts'
