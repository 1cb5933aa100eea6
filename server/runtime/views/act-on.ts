import type { ActInput, ListQuery } from '#server/services.ts'
import type { EntityDef } from '#server/runtime/definitions/index.ts'
import { press, type Pressed } from '#server/runtime/desk/index.ts'
import { factsFor, removeSet, unknownOf, visibleIds } from '#server/runtime/records/index.ts'
import { takeSigned, type SignatureParts } from '#server/runtime/signatures/index.ts'
import { counted, type Actor, type Call, type Problem, type Result, type Warned } from '../context.ts'
import { withReferences } from './list.ts'
import { idsOfQuery } from './list-page.ts'
import { recordTitle } from './record.ts'
import { refuse } from './save-record.ts'
import { entityOf, isId, listsOf, notFound, recordHref, refused, type Refused, type ViewParts } from './parts.ts'
import { pickOf, takePicked } from './pick-import.ts'

export interface RefusedRow { id: string; title: string; problems: Problem[] }
export interface Acted { done: number; refused: RefusedRow[]; job?: string; made?: number; /** rows that had theirs already */ skipped?: number; go?: string; /** the one record is out of the person's sight now */ gone?: true; secret?: string; warned?: Warned }
/** more than this is a job */
export const AT_ONCE = 5_000
const MOST = 50_000
const MOST_SHOWN = 1_000

/** Ids of a selection: those that were ticked, or everything that a list's query finds. */
export async function chosenIds(parts: ViewParts, call: Call, def: EntityDef, input: { ids?: string[]; query?: { list: string; query: ListQuery } }): Promise<string[] | null> {
  if (!input.query) return [...new Set(input.ids ?? [])].filter(isId)
  const list = listsOf(call, def).find(([id]) => id === input.query!.list)?.[1]
  return list ? idsOfQuery(call, factsFor(parts.core.engine, call), def, withReferences(def, list, input.query.query.filters), input.query.query, MOST) : null
}

/** What of the query of a selection there is not: an act must not reach other records than were meant. */
export function unknownIn(parts: ViewParts, call: Call, def: EntityDef, asked: { list: string; query: ListQuery } | undefined): Refused | null {
  const list = asked && listsOf(call, def).find(([id]) => id === asked.list)?.[1]
  const problems = list ? unknownOf(call, factsFor(parts.core.engine, call), def, withReferences(def, list, asked.query.filters), asked.query) : []
  return problems.length ? refused('QUERY_INVALID', problems, 400) : null
}

/** Names of refused records, as far as the person may see them. */
export async function namedRefusals(parts: ViewParts, call: Call, def: EntityDef, list: { id: string; problems: Problem[] }[]): Promise<RefusedRow[]> {
  const loader = factsFor(parts.core.engine, call)
  const visible = await visibleIds(call, loader, def, list.map((r) => r.id).filter(isId))
  return loader.settleAll(list, (r) => ({ ...r, title: visible.has(r.id) ? recordTitle(call, loader, def, r.id) || r.id : r.id }))
}

/** Presses a button for records: an outcome, a message or an action, with its input, comment and signature. */
export async function actOn(parts: ViewParts, actor: Actor, entity: string, input: ActInput, signatures: SignatureParts): Promise<Result<Acted>> {
  const said: Problem[] = []
  const call: Call = { ...parts.core.call(actor), warned: said }
  const def = entityOf(parts, call, entity)
  const unknown = def && unknownIn(parts, call, def, input.query)
  if (unknown) return unknown
  const ids = def ? await chosenIds(parts, call, def, input) : null
  if (!def || !ids) return notFound()
  if (input.query && ids.length === 0) return refused('NOTHING_CHOSEN', '没有符合条件的记录')
  if (pickOf(def, input.button)) {
    const taken = await takePicked(parts, call, def, input.button, ids, input.input ?? {})
    return taken.ok ? { ok: true, done: taken.done, made: taken.made, refused: await namedRefusals(parts, call, def, taken.refused) } : taken
  }
  const ask: PressAsk = { button: input.button, ids, ...(input.input ? { input: input.input } : {}), ...(input.comment ? { comment: input.comment } : {}), ...(input.revs ? { revs: input.revs } : {}) }
  if (ids.length > AT_ONCE) {
    const job = await parts.jobs.enqueue('desk.press', { ...ask, entity: def.id, programme: call.programme.id, user: actor.userId, role: actor.role, ...(input.signature ? { signature: input.signature } : {}) } as never, { createdBy: actor.userId, org: actor.orgId })
    return { ok: true, done: 0, refused: [], job }
  }
  const pressed = await pressSigned(parts, signatures, call, def, ask, input.signature)
  if (pressed.done.length === 0 && pressed.refused.length > 0 && ids.length <= 1) return refuse(pressed.refused.flatMap((r) => r.problems))
  const refusals = [...await namedRefusals(parts, call, def, pressed.refused), ...await notMade(parts, call, def, input.button, pressed)]
  const gone = ids.length === 1 && pressed.done.length === 1 && (await visibleIds(call, factsFor(parts.core.engine, call), def, ids)).size === 0
  return { ok: true, done: pressed.done.length, refused: refusals, ...(gone ? { gone } : {}), ...madeOf(parts, call, def, input.button, pressed), ...(said.length ? { warned: counted(said.map((p) => p.message)) } : {}) }
}

export interface PressAsk { button: string; ids: string[]; input?: NonNullable<ActInput['input']>; comment?: string; revs?: Record<string, number> }
/** With a drawn signature exactly the set that was signed moves, and the signature is used in the same transaction. */
export async function pressSigned(parts: ViewParts, signatures: SignatureParts, call: Call, def: EntityDef, ask: PressAsk, code: string | undefined): Promise<Pressed> {
  if (!code) return press(parts.core.processes, call, def, ask, parts.operation)
  const taken = await takeSigned(signatures, call, def, { button: ask.button, ids: ask.ids, code }, (ids, revs) => press(parts.core.processes, call, def, { ...ask, ids, revs, signed: true }, parts.operation))
  return 'made' in taken ? taken : { ...taken, made: {} }
}

/** Rows that an action could make nothing from, with the reason; at most so many that a screen can show them. */
async function notMade(parts: ViewParts, call: Call, def: EntityDef, button: string, pressed: Pressed): Promise<RefusedRow[]> {
  const refused = (pressed.result?.refused ?? []).slice(0, MOST_SHOWN).map((r) => ({ id: r.id, problems: [{ code: 'NOT_MADE', message: r.reason }] }))
  if (refused.length === 0) return []
  const from = /^rows\("([^"]+)"\)/.exec(def.form.actions[button]?.make?.[0]?.from?.trim() ?? '')?.[1]
  return namedRefusals(parts, call, (from && entityOf(parts, call, from)) || def, refused)
}

/** What an action has made, where to go on when it is one record, and a password that is shown once. */
function madeOf(parts: ViewParts, call: Call, def: EntityDef, button: string, pressed: Pressed): Pick<Acted, 'made' | 'skipped' | 'go' | 'secret'> {
  const made = pressed.result?.made ?? []
  const into = def.form.actions[button]?.make?.[0]?.into
  const target = into && made.length === 1 ? entityOf(parts, call, into) : null
  const password = pressed.output?.['password']
  return { ...(pressed.result ? { made: made.length, ...(pressed.result.skipped ? { skipped: pressed.result.skipped } : {}) } : {}), ...(target ? { go: recordHref(target, String(made[0])) } : {}), ...(typeof password === 'string' ? { secret: password } : {}) }
}

/** Deletes records that may be deleted; the rest is told with every reason. */
export async function removeRecords(parts: ViewParts, actor: Actor, entity: string, ids: string[]): Promise<Result<{ done: number; refused: RefusedRow[] }>> {
  const call = parts.core.call(actor)
  const def = entityOf(parts, call, entity)
  if (!def) return notFound()
  const drafts = await removeSet(parts.core.engine, call, def, [...new Set(ids)].filter(isId))
  const bad = drafts.filter((d) => d.problems.length).map((d) => ({ id: d.id, problems: d.problems }))
  return { ok: true, done: drafts.length - bad.length, refused: await namedRefusals(parts, call, def, bad) }
}
