import type { Operation } from '#server/runtime/contracts.ts'

/** Every operation of this folder, by id; a missing one is a lint error where a definition names it. */
export type OperationRegistry = Map<string, Operation>
