import type { Run, WorkToken } from '../run.ts'
import type { ElementInfo } from '../types.ts'

/** What an element does with a token that arrives. */
export type Enter = (run: Run, token: WorkToken, el: ElementInfo) => void
