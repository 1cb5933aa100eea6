import type { EntityDef, ImportDef, JsonObject } from '#server/runtime/definitions/index.ts'
import { may } from '#server/runtime/access/index.ts'
import { importPicked } from '#server/runtime/transfer/index.ts'
import type { Call, Problem, Result } from '../context.ts'
import { forbidden, type ViewParts } from './parts.ts'

export const PICK = 'import:'
/** Imports that take rows of the same list into new records; each is a button on a selection, `import:<id>`. */
export const picksOf = (call: Call, def: EntityDef, list: string): [string, ImportDef][] =>
  Object.entries(def.form.imports).filter(([id, i]) => isPickOf(def, i) && (!i.list?.length || i.list.includes(list)) && may(call.programme, def, call.actor.role, `import:${id}`))
export const isPickOf = (def: EntityDef, i: ImportDef): boolean => i.kind === 'pick' && (i.from === undefined || i.from === def.name || i.from === def.id)

export const pickOf = (def: EntityDef, button: string): ImportDef | null => {
  const spec = button.startsWith(PICK) && Object.hasOwn(def.form.imports, button.slice(PICK.length)) ? def.form.imports[button.slice(PICK.length)] : undefined
  return spec?.kind === 'pick' ? spec : null
}

/** Takes the ticked records, with the parameters that the dialog asked for. */
export async function takePicked(parts: ViewParts, call: Call, def: EntityDef, button: string, ids: string[], params: JsonObject): Promise<Result<{ done: number; made: number; refused: { id: string; problems: Problem[] }[] }>> {
  const id = button.slice(PICK.length)
  if (!may(call.programme, def, call.actor.role, `import:${id}`)) return forbidden()
  const r = await importPicked({ db: parts.core.engine.db, core: parts.core }, call, def, id, { params, ids })
  return r.ok ? { ok: true, done: r.done, made: r.made.length, refused: r.refused } : r
}
