import type { EntityDef, JsonObject } from '#server/runtime/definitions/model.ts'
import {
  allows, checkInputRules, dropEmpty, factsFor, fieldSet, itemFields, pathOfError, saveSet, validateInput, visibleIds, wordsOf, type RecordData,
} from '#server/runtime/records/index.ts'
import type { Call, Problem } from '../../context.ts'
import { advance, type Move } from '../advance.ts'
import type { CoreEvent } from '../core/index.ts'
import { EffectRefused } from '../effects/refused.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { typedInput } from '../store/evaluate.ts'
import { actingUser, inputProperties, inputSchema, offersFor, type Offer } from './offers.ts'

export interface WorkInput { button: string; ids: string[]; input?: JsonObject; comment?: string; revs?: Record<string, number>; signed?: boolean }
export interface WorkResult { done: string[]; refused: { id: string; problems: Problem[] }[]; made: Record<string, unknown> }

const problem = (code: string, message: string, path?: string): Problem => ({ code, message, ...(path ? { path } : {}) })

/** Splits what was typed: fields that the wait state unlocks go to the record, the rest is `input`. */
function split(def: EntityDef, offer: Offer, input: JsonObject | undefined): RecordData {
  if (!input) return {}
  const sets = fieldSet([offer.element.edit])
  return Object.fromEntries(Object.entries(input).filter(([k]) => def.properties[k] && (allows(sets, k) || itemFields(sets, k).length > 0)))
}

/** Takes an outcome or message for a set of records in one transaction; those that cannot are listed with every reason. */
export async function work(runtime: ProcessRuntime, call: Call, def: EntityDef, request: WorkInput): Promise<WorkResult> {
  // inside a larger transaction what was refused is undone alone
  return runtime.engine.db.savepoint(async () => {
    const result: WorkResult = { done: [], refused: [], made: {} }
    const refuse = (id: string, ...problems: Problem[]) => { result.refused.push({ id, problems }) }
    const loader = factsFor(runtime.engine, call)
    const visible = await visibleIds(call, loader, def, request.ids)
    const offers = await offersFor(runtime, call, loader, def, request.ids.filter((id) => visible.has(id)), request.button)
    const revs = await currentRevs(runtime, def, request)
    const ready: { id: string; offer: Offer; patch: RecordData }[] = []
    for (const id of request.ids) {
      const offer = offers.get(id)?.find((o) => o.id === request.button)
      if (!visible.has(id)) refuse(id, problem('NOT_FOUND', '记录不存在，可能已被删除或您无权查看'))
      else if (request.revs?.[id] !== undefined && revs.get(id) !== request.revs[id]) refuse(id, problem('CONFLICT', '已被他人处理，请刷新后再试'))
      else if (!offer) refuse(id, await whyNot(runtime, call, def, id, request.button))
      else {
        const wrong = checkInput(call, offer, request)
        if (wrong.length) refuse(id, ...wrong)
        else ready.push({ id, offer, patch: split(def, offer, request.input) })
      }
    }
    const typed = (offer: Offer) => (request.input ? typedInput(inputProperties(call, def, offer), request.input) : {})
    const taken = shared(call, request, typed)
    const saved = await saveEdits(runtime, call, def, ready, request, refuse)
    const ruled = await checkInputRules(runtime.engine, call, def, saved.map((s) => s.id), request.button, ready[0] ? typed(ready[0].offer) : null, request.comment)
    const moves: Move[] = []
    for (const s of saved) {
      const bad = ruled.get(s.id) ?? []
      if (bad.length) { refuse(s.id, ...bad); continue }
      moves.push({ instance: s.offer.instance, ...taken(s.offer) })
    }
    for (const m of await advance(runtime, call, def, moves)) {
      if (m.refusal) refuse(m.instance.record, problem('CONFLICT', m.refusal.person))
      else { result.done.push(m.instance.record); Object.assign(result.made, m.made) }
    }
    if (result.refused.length && result.done.length === 0) throw new NothingDone(result)
    return result
  }).catch((error: unknown) => {
    if (error instanceof NothingDone) return error.result
    if (error instanceof EffectRefused) return { done: [], refused: request.ids.map((id) => ({ id, problems: error.problems })), made: {} }
    throw error
  })
}

/** One event and one note for all tokens alike: what is the same for a set is done once. */
function shared(call: Call, request: WorkInput, typed: (offer: Offer) => Record<string, unknown>): (offer: Offer) => Pick<Move, 'event' | 'note'> {
  const known = new Map<string, Pick<Move, 'event' | 'note'>>()
  const comment = request.comment ? { comment: request.comment } : {}
  const make = (offer: Offer): Pick<Move, 'event' | 'note'> => {
    const input = { ...typed(offer), ...comment }
    const event: CoreEvent = offer.kind === 'outcome' ? { kind: 'outcome', token: offer.token, outcome: request.button, input, by: actingUser(call) } : { kind: 'message', name: request.button, token: offer.token, input }
    return { event, note: { kind: 'outcome', element: offer.element.id, outcome: request.button, ...comment } }
  }
  return (offer) => {
    const key = `${offer.kind}|${offer.token}|${offer.element.id}|${offer.form ?? ''}`
    let one = known.get(key)
    if (!one) known.set(key, (one = make(offer)))
    return one
  }
}

/** Rolls back what refused records had already written. */
class NothingDone extends Error { constructor(readonly result: WorkResult) { super('nothing was done') } }

async function currentRevs(runtime: ProcessRuntime, def: EntityDef, request: WorkInput): Promise<Map<string, number>> {
  const out = new Map<string, number>()
  if (!request.revs) return out
  const where = runtime.engine.db.idsIn('id', request.ids)
  for (const r of await runtime.engine.db.all<{ id: number; rev: number }>(`SELECT id, rev FROM ${def.table} WHERE ${where.sql}`, where.params)) out.set(String(r.id), Number(r.rev))
  return out
}

function checkInput(call: Call, offer: Offer, request: WorkInput): Problem[] {
  const out: Problem[] = offer.reasons.map((m) => problem('RULE', m))
  if (offer.comment === 'required' && !request.comment?.trim()) out.push(problem('COMMENT_REQUIRED', '请填写意见', 'comment'))
  if (offer.signature && !request.signed) out.push(problem('SIGNATURE_REQUIRED', '此操作需要手写签名'))
  const schema = inputSchema(call, offer)
  if (schema) {
    const properties = (schema['properties'] ?? {}) as JsonObject
    for (const [name, p] of Object.entries(properties)) {
      if ((p as JsonObject)['x-required'] === true && (request.input?.[name] === undefined || request.input[name] === null || request.input[name] === ''))
        out.push(problem('REQUIRED', `${String((p as JsonObject)['title'] ?? name)}：必填`, name))
    }
    for (const e of validateInput(schema, dropEmpty(request.input ?? {}))) {
      const path = pathOfError(e)
      if (!out.some((x) => x.path === path)) out.push(problem(`SCHEMA_${e.keyword}`, `${String((properties[path.split('.')[0]!] as JsonObject | undefined)?.['title'] ?? path)}：${wordsOf(e)}`, path))
    }
  }
  return out
}

async function saveEdits(runtime: ProcessRuntime, call: Call, def: EntityDef, ready: { id: string; offer: Offer; patch: RecordData }[], request: WorkInput, refuse: (id: string, ...p: Problem[]) => void) {
  const touched = ready.filter((r) => Object.keys(r.patch).length > 0 || r.offer.element.draft)
  if (touched.length === 0) return ready
  const drafts = await saveSet(runtime.engine, call, def, touched.map((t) => ({ id: t.id, data: t.patch })), { via: { kind: 'outcome', id: request.button, fields: touched[0]!.offer.element.edit ?? [] }, input: ready[0] ? typedInput(inputProperties(call, def, ready[0].offer), request.input ?? {}) : null })
  const bad = new Set<string>()
  for (const d of drafts) if (d.problems.length) { bad.add(d.id); refuse(d.id, ...d.problems) }
  return ready.filter((r) => !bad.has(r.id))
}

/** A button that is gone: somebody was faster, or it was never there for this person. */
async function whyNot(runtime: ProcessRuntime, call: Call, def: EntityDef, id: string, button: string): Promise<Problem> {
  const rows = await runtime.engine.db.all<{ outcome: string | null; completed_by: number | null; element: string }>(
    'SELECT outcome, completed_by, element FROM tasks WHERE entity = ? AND record_id = ? AND completed_at IS NOT NULL ORDER BY completed_at DESC, id DESC LIMIT 5', [def.id, Number(id)])
  const process = runtime.catalogue.of(call.programme, def)
  const elements = process?.compiled.elements ?? {}
  const mine = rows.some((r) => elements[r.element]?.loop && elements[r.element]?.outcomes.some((o) => o.id === button) && r.outcome !== null && String(r.completed_by ?? '') === call.actor.userId)
  if (mine) return problem('NOT_AVAILABLE', '您已办理过，不能重复办理')
  const taken = rows.some((r) => elements[r.element]?.outcomes.some((o) => o.id === button) && String(r.completed_by ?? '') !== call.actor.userId)
  return taken ? problem('CONFLICT', '已被他人处理') : problem('NOT_AVAILABLE', '当前状态下不能进行此操作')
}
