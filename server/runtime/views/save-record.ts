import type { JsonObject } from '#server/runtime/definitions/index.ts'
import { press } from '#server/runtime/desk/index.ts'
import { saveSet, setPath, walk, getPath, type RecordData } from '#server/runtime/records/index.ts'
import { counted, type Actor, type Call, type Problem, type Result, type Warned } from '../context.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import { isTyped, openDraft } from './form-record.ts'
import { allows } from '#server/runtime/records/index.ts'
import { entityOf, isId, notFound, refused, type Refused, type ViewParts } from './parts.ts'

export interface SaveAsk { entity: string; id?: string; rev?: number; data: JsonObject; then?: string; comment?: string }

/** Undoes what was saved when the outcome after it is refused. */
class Undo extends Error { constructor(readonly answer: Refused) { super('undone') } }

/**
 * Creates or changes one record and, with `then`, takes an outcome of it in the same transaction.
 * Data of a stored record is a patch: a missing key stays as it is, null empties.
 */
export async function saveRecord(parts: ViewParts, actor: Actor, ask: SaveAsk): Promise<Result<{ id: string; rev: number; warned?: Warned }>> {
  const said: Problem[] = []
  const call: Call = { ...parts.core.call(actor), warned: said }
  const def = entityOf(parts, call, ask.entity)
  if (!def || (ask.id !== undefined && !isId(ask.id))) return notFound()
  const { engine, processes } = parts.core
  const data = ask.id === undefined ? (ask.data as RecordData) : await withoutShown(parts, call, def, ask.id, ask.data)
  if (!data) return notFound()
  try {
    return await engine.db.tx(async () => {
      const [draft] = await saveSet(engine, call, def, [{ ...(ask.id !== undefined ? { id: ask.id } : {}), ...(ask.rev !== undefined ? { rev: ask.rev } : {}), data }], { via: { kind: 'user' }, whole: true })
      if (draft!.problems.length) throw new Undo(refuse(draft!.problems))
      const id = draft!.id
      if (ask.then) {
        const pressed = await press(processes, call, def, { button: ask.then, ids: [id], ...(ask.comment ? { comment: ask.comment } : {}) }, parts.operation)
        if (pressed.refused.length) throw new Undo(refuse(pressed.refused.flatMap((r) => r.problems)))
      }
      const row = await engine.db.one<{ rev: number }>(`SELECT rev FROM ${def.table} WHERE id = ?`, [Number(id)])
      return { ok: true as const, id, rev: Number(row?.rev ?? 1), ...(said.length ? { warned: counted(said.map((p) => p.message)) } : {}) }
    })
  } catch (error) {
    if (error instanceof Undo) return error.answer
    throw error
  }
}

const STATUS: Record<string, number> = { NOT_FOUND: 404, FORBIDDEN: 403, CONFLICT: 409 }
export function refuse(problems: Problem[]): Refused {
  const code = problems[0]?.code ?? 'REFUSED'
  return refused(code, [...new Map(problems.map((p) => [`${p.path ?? ''}|${p.message}`, p])).values()], STATUS[code] ?? 422)
}

/** What a form showed masked comes back masked: such values are not changes. */
async function withoutShown(parts: ViewParts, call: Call, def: EntityDef, id: string, data: JsonObject): Promise<RecordData | null> {
  const opened = await openDraft(parts, call, def, id, undefined)
  if (!opened) return null
  const out = structuredClone(data) as RecordData
  for (const p of walk(def.properties)) {
    const v = p.sensitive ? getPath(out, p.path) : undefined
    if (typeof v !== 'string' || !v.includes('*') || (allows(opened.sets, p.path) && isTyped(def, p.path))) continue
    setPath(out, p.path, getPath(opened.draft.data, p.path))
  }
  return out
}
