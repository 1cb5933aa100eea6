import { AppError } from '#server/platform/errors.ts'
import { actorOf } from '#server/runtime/accounts/index.ts'
import type { Actor, Call } from '../../context.ts'
import type { TransferParts } from '../parts.ts'

export interface Asked { operator: string; role: string; program: string }

/** The call of a job: the person who asked, in the role they had, at one time for all it does. They must still hold that role. */
export async function callOfJob(parts: TransferParts, asked: Asked, now: number): Promise<Call> {
  const actor: Actor | null = await actorOf(parts.core.engine, asked.program, { id: asked.operator }, { role: asked.role })
  if (!actor || actor.role !== asked.role) throw new AppError('FORBIDDEN', { actor: asked.operator, action: 'transfer', where: asked.program }, { found: `role ${asked.role} is not held any more` })
  return { ...parts.core.call(actor), now }
}
