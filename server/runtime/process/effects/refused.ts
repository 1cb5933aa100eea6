import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { Problem } from '../../context.ts'

/** A set could not be written because a record would break a rule: a person is told, the system makes an incident of it. */
export class EffectRefused extends Error {
  constructor(def: EntityDef, readonly record: string, readonly problems: Problem[]) {
    super(`${def.id} ${record}: ${problems.map((p) => p.message).join('; ')}`)
  }
}
