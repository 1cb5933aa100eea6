import type { Operation } from '#server/runtime/contracts.ts'
import { arrange } from './seating/arrange.ts'

/** Every operation of this folder; a test keeps the list and the folder in step. */
export const OPERATIONS: Operation[] = [arrange]
