import type { FormTarget, FormView } from '#server/services.ts'
import type { JsonObject } from '#server/runtime/definitions/index.ts'
import type { Actor, Result } from '../context.ts'
import { dialogForm } from './form-dialog.ts'
import { recordForm } from './form-record.ts'
import { entityOf, notFound, type ViewParts } from './parts.ts'

/** The form of a new record, of a stored one, or of a button's dialog. With `typed` as it would be after that; nothing is stored. */
export async function viewForm(parts: ViewParts, actor: Actor, target: FormTarget, typed?: JsonObject): Promise<Result<{ form: FormView }>> {
  const call = parts.core.call(actor)
  const def = entityOf(parts, call, target.entity)
  if (!def) return notFound()
  return target.button ? dialogForm(parts, call, def, target, typed) : recordForm(parts, call, def, target, typed)
}
