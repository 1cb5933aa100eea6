import type { EntityDef } from '#server/runtime/definitions/index.ts'
import type { Call } from '../context.ts'
import type { SignatureParts } from './begin.ts'
import { useSignature, type Refused } from './use.ts'

export interface Taken { done: string[]; refused: Refused[] }
class Undone extends Error { constructor(readonly result: unknown) { super('nothing was done') } }

/**
 * Uses the signature and takes the outcome of its set in one transaction. `act` gets the records that still stand as they were signed.
 * When it does nothing the signature stays unused.
 */
export async function takeSigned<R extends Taken>(parts: SignatureParts, call: Call, def: EntityDef, request: { button: string; ids: string[]; code: string }, act: (ids: string[], revs: Record<string, number>) => Promise<R>): Promise<R | Taken> {
  const all = (list: Refused[]): Taken => ({ done: [], refused: list })
  return parts.processes.engine.db.tx(async (t) => {
    const used = await useSignature(t, parts, call, def, request.code, request.button, request.ids)
    if (!used.ok) throw new Undone(all(request.ids.map((id) => ({ id, problems: [used.problem] }))))
    if (used.ids.length === 0) throw new Undone(all(used.refused))
    const result = await act(used.ids, used.revs)
    const whole = { ...result, refused: [...used.refused, ...result.refused] }
    if (result.done.length === 0) throw new Undone(whole)
    return whole
  }).catch((error: unknown) => {
    if (error instanceof Undone) return error.result as R | Taken
    throw error
  })
}
