import type { WriteNote } from '#server/runtime/records/index.ts'
import { waits, type CompiledProcess, type State } from './core/index.ts'

/**
 * The history of a change that moved a process: its conditional events are moved by nobody's button, and what moved has
 * to be seen, and found again when the history is replayed. Undefined when nothing fired.
 */
export function noteOfChange(process: CompiledProcess, before: State, after: State): Partial<WriteNote> | undefined {
  const listening = (state: State): string[] => waits(process, state).filter((w) => w.kind === 'conditional').map((w) => w.element)
  const open = listening(after)
  const fired = listening(before).find((element) => !open.includes(element))
  if (fired !== undefined) return { kind: 'condition', element: fired }
  return JSON.stringify(before.marking.tokens) === JSON.stringify(after.marking.tokens) ? undefined : { kind: 'condition' }
}
